"""The commands that `bin/containers` gives to a stub of Docker, and its error messages.

Each test runs with both versions of Compose, and in both shells that `/bin/sh` may be.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tidemark import teardown
from tidemark.local_cloud.cloud import PortTaken
from tidemark.machine.locks import Busy

ROOT = Path(__file__).parents[3]
CAUSES = ROOT / "tests" / "payloads" / "causes.json"
DOCKER = """
echo "$*" >> docker.log
case "$*" in
{answers}
esac
"""
RUNNING = "*ps*tidemark.port=4801*--quiet*) echo c0ffee ;;"
STALE = "image\\ inspect*) exit 1 ;;"
SHELLS = [["dash"], ["bash", "--posix"]]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout with a stub of Docker, which answers as told and records its calls."""

    root: Path
    shell: list[str]
    compose_v2: bool

    def command(
        self, *command: str, docker: str, piped: bool = False, **environment: str
    ) -> "subprocess.Popen[str]":
        for name in ("docker", "docker-compose"):
            self.program(name, DOCKER.format(answers=docker))
        path = self.root / "path"
        return subprocess.Popen(
            [*self.shell, "bin/containers", *command],
            cwd=self.root,
            env={
                "PATH": f"{path}:{os.defpath}",
                "COMPOSE": "docker compose" if self.compose_v2 else "docker-compose",
                "LOCALSTACK_PORT": "4801",
                **environment,
            },
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def program(self, name: str, text: str) -> None:
        program = self.root / "path" / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)

    def run(
        self,
        *command: str,
        docker: str = "",
        status: int = 0,
        given: str | None = None,
        **environment: str,
    ) -> str:
        piped = given is not None
        with self.command(
            *command, docker=docker, piped=piped, **environment
        ) as running:
            said, _ = running.communicate(given, timeout=60)
        assert running.returncode == status, said
        return said.strip()

    def asked(self) -> str:
        return (self.root / "docker.log").read_text()


@pytest.fixture(params=SHELLS, ids=" ".join)
def shell(request: pytest.FixtureRequest) -> list[str]:
    shell: list[str] = request.param
    if not shutil.which(shell[0]):
        pytest.skip(f"there is no {shell[0]} here")
    return shell


@pytest.fixture(params=[True, False], ids=["compose 2", "compose 1.29"])
def checkout(
    tmp_path: Path, shell: list[str], request: pytest.FixtureRequest
) -> Checkout:
    root = tmp_path / "Shop"
    (root / "path").mkdir(parents=True)
    (root / "emulator").mkdir()
    shutil.copytree(ROOT / "bin", root / "bin")
    shutil.copytree(ROOT / "requirements", root / "requirements")
    for name in (".env.example", ".dockerignore", "Dockerfile"):
        shutil.copy(ROOT / name, root)
    return Checkout(root, shell, request.param)


def test_a_command_runs_in_the_network_of_the_local_cloud_as_its_user(
    checkout: Checkout,
) -> None:
    said = checkout.run("status", docker=f"{RUNNING}\n*\\ run*) id; env ;;")

    assert f"uid={os.getuid()}" in said
    assert "TIDEMARK_NETWORK=container:c0ffee" in said
    assert "--project-name shop run --rm --name shop-" in checkout.asked()


def test_its_files_belong_to_the_owner_of_the_checkout(checkout: Checkout) -> None:
    owner = checkout.root.stat()

    said = checkout.run("status", docker="*\\ run*) env ;;")

    assert f"TIDEMARK_USER={owner.st_uid}:{owner.st_gid}" in said


def test_in_rootless_docker_its_files_belong_to_root_inside(checkout: Checkout) -> None:
    rootless = "info*) echo '[name=rootless]' ;;"

    said = checkout.run("status", docker=f"{rootless}\n*\\ run*) env ;;")

    assert "TIDEMARK_USER=0:0" in said


def test_the_container_is_given_the_settings_and_no_other_variable(
    checkout: Checkout,
) -> None:
    checkout.run(
        "status",
        PRICE_HIGH="200",
        AWS_PROFILE="work",
        AWS_EC2_METADATA_DISABLED="true",
        EDITOR="vi",
    )

    [asked] = [line for line in checkout.asked().splitlines() if " run " in line]
    assert "-e PRICE_HIGH " in asked
    assert "-e AWS_PROFILE " in asked
    assert "-e AWS_EC2_METADATA_DISABLED " in asked
    assert "EDITOR" not in asked


def test_files_outside_the_checkout_that_a_command_reads_are_mounted(
    checkout: Checkout, tmp_path: Path
) -> None:
    for name in ("my trades.csv", "credentials", "my plugins"):
        (tmp_path / name).touch()
    line = f'TERRAFORM_PLUGIN_DIR="{tmp_path}/my plugins" # offline\n'
    (checkout.root / ".env").write_text(line)
    credentials = str(tmp_path / "credentials")

    checkout.run(
        "demo", "--file", "../my trades.csv", AWS_SHARED_CREDENTIALS_FILE=credentials
    )

    asked = checkout.asked()
    for name in ("my trades.csv", "credentials", "my plugins"):
        assert f"-v {tmp_path}/{name}:{tmp_path}/{name}:ro " in asked
    assert "-e AWS_SHARED_CREDENTIALS_FILE " in asked


def test_read_gets_its_files_and_what_says_how_to_read_them(
    checkout: Checkout, tmp_path: Path
) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).touch()

    checkout.run("read", "../a.csv", str(tmp_path / "b.csv"), "absent", DECIMAL=",")

    asked = checkout.asked()
    for name in ("a.csv", "b.csv"):
        assert f"-v {tmp_path}/{name}:{tmp_path}/{name}:ro " in asked
    assert "-e DECIMAL " in asked


def test_files_in_the_checkout_are_not_mounted_again(checkout: Checkout) -> None:
    (checkout.root / "trades.csv").touch()

    checkout.run("demo", "--file", "trades.csv")

    assert "trades.csv:" not in checkout.asked()


@pytest.mark.parametrize(
    ("command", "target", "mounted"),
    [("status", "local", False), ("status", "aws", True), ("plan", "local", True)],
)
def test_credentials_are_mounted_for_commands_on_aws(
    checkout: Checkout, tmp_path: Path, command: str, target: str, mounted: bool
) -> None:
    (tmp_path / ".aws").mkdir()

    checkout.run(command, HOME=str(tmp_path), TARGET=target)

    assert (f"-v {tmp_path}/.aws:/tmp/.aws " in checkout.asked()) is mounted


def test_lines_that_compose_prints_itself_are_dropped(checkout: Checkout) -> None:
    own_words = (
        ("", "")
        if checkout.compose_v2
        else ("Creating shop_tidemark_run ... done\\n", "3\\n")
    )
    words = "7\\nNo more.\\n".join(own_words)

    said = checkout.run(
        "status", docker=f"*\\ run*) printf '{words}' >&2; exit 3 ;;", status=3
    )

    assert said == "7\nNo more."


def test_standard_input_reaches_the_command(checkout: Checkout) -> None:
    cat = "*\\ run*\\ check) cat > /dev/null ;;\n*\\ run*) cat ;;"

    assert checkout.run("demo", "--file", "-", docker=cat, given="trades") == "trades"


def test_standard_input_reaches_read_where_it_is_named(checkout: Checkout) -> None:
    cat = "*\\ run*) cat ;;"

    assert checkout.run("read", "-", docker=cat, given="trades") == "trades"
    assert checkout.run("read", "a.csv", docker=cat, given="trades") == ""


def test_the_fields_of_a_channel_reach_the_command(checkout: Checkout) -> None:
    cat = "*\\ run*) cat ;;"
    add = ("channels", "add", "desk", "--type", "slack")

    assert checkout.run(*add, docker=cat, given="https://x") == "https://x"
    assert checkout.run("channels", "list", docker=cat, given="https://x") == ""


def test_a_command_in_a_loop_leaves_standard_input_to_the_loop(
    checkout: Checkout,
) -> None:
    assert checkout.run("ticks", docker="*\\ run*) cat ;;", given="BTC-USD") == ""


def test_the_exit_status_of_a_command_is_passed_on(checkout: Checkout) -> None:
    checkout.run("status", docker="*\\ run*) exit 3 ;;", status=3)


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 143), (signal.SIGINT, 130)],
)
def test_a_command_that_is_stopped_stops_its_container(
    checkout: Checkout, number: signal.Signals, status: int
) -> None:
    with at_work(checkout, "logs", "--follow") as running:
        running.send_signal(number)

        assert running.wait(timeout=30) == status
    assert f"stop --time 75 shop-{running.pid}" in checkout.asked()


def test_tests_that_are_stopped_remove_their_local_cloud(checkout: Checkout) -> None:
    theirs = "*ps*--quiet*project=shop-e2e*) echo c0ffee ;;"

    with at_work(checkout, "e2e", docker=theirs) as running:
        running.terminate()
        running.wait(timeout=30)

    assert checkout.asked().splitlines()[-1] == "rm --force c0ffee"


@contextmanager
def at_work(
    checkout: Checkout, *command: str, docker: str = ""
) -> "Iterator[subprocess.Popen[str]]":
    """Run a command whose container keeps running until the block ends."""
    begun, end = checkout.root / "begun", checkout.root / "end"
    busy = f"*\\ run*) touch {begun}; while [ ! -e {end} ]; do sleep 0.1; done ;;"
    with checkout.command(*command, docker=f"{docker}\n{busy}") as running:
        try:
            while running.poll() is None and not begun.exists():
                time.sleep(0.05)
            yield running
        finally:
            end.touch()


def failed_build(checkout: Checkout, output: str) -> list[str]:
    (checkout.root / "output").write_text(output)
    answers = f"{STALE}\n*\\ build*) cat output; exit 1 ;;"
    return checkout.run("up", docker=answers, status=1).splitlines()


@pytest.mark.parametrize("case", json.loads(CAUSES.read_text()))
def test_a_build_that_fails_is_one_line_with_its_cause(
    checkout: Checkout, case: dict[str, str]
) -> None:
    said = failed_build(checkout, case["output"])

    log = checkout.root / ".tidemark" / "logs" / "build.log"
    assert said == [
        "Building the containers …",
        f"Building the containers failed: {case['cause']} (all of it: {log})",
    ]


def test_the_cause_of_a_failed_build_has_no_numbers_of_buildkit(
    checkout: Checkout,
) -> None:
    said = failed_build(
        checkout,
        "#9 3.21 ERROR: no such package\n"
        "failed to solve: did not complete successfully: 1\n",
    )

    assert said[-1].startswith("Building the containers failed: ERROR: no such package")


def test_a_build_is_given_the_addresses_of_the_registries(checkout: Checkout) -> None:
    checkout.run(
        "status",
        docker=STALE,
        HTTPS_PROXY="http://proxy:3128",
        UV_DEFAULT_INDEX="https://mirror/simple",
    )

    asked = checkout.asked()
    assert "--build-arg HTTPS_PROXY" in asked
    assert "--build-arg UV_DEFAULT_INDEX" in asked
    assert "3128" not in asked


def test_images_are_built_again_when_the_sources_change(checkout: Checkout) -> None:
    checkout.run("status")
    [before] = re.findall(r"image inspect (.*)", checkout.asked())
    (checkout.root / "emulator" / "new.py").touch()

    checkout.run("status", docker=f"{STALE}\n*image\\ ls*) echo {before} ;;")

    *_, after = re.findall(r"image inspect (.*)", checkout.asked())
    assert after != before
    assert f"image rm {before}" in checkout.asked()


def test_a_port_that_is_taken_is_one_line(checkout: Checkout) -> None:
    refusal = "*localstack) echo 'Bind failed: port is already allocated'; exit 1 ;;"

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said == str(PortTaken(4801))


def test_a_taken_port_is_found_before_images_are_built(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])

        said = checkout.run("up", docker=STALE, LOCALSTACK_PORT=port, status=1)

    assert said == str(PortTaken(int(port)))
    assert " build" not in checkout.asked()


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
def test_a_port_that_is_taken_on_the_other_localhost_is_found_too(
    checkout: Checkout,
) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        port = str(server.getsockname()[1])

        said = checkout.run("up", LOCALSTACK_PORT=port, status=1)

    assert said == str(PortTaken(int(port)))


def test_the_local_cloud_itself_may_have_the_port(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        running = f"*ps*tidemark.port={port}*--quiet*) echo c0ffee ;;"

        checkout.run("up", docker=running, LOCALSTACK_PORT=port)

    assert "--detach localstack" in checkout.asked()


def test_another_failure_to_start_is_not_taken_for_the_port(checkout: Checkout) -> None:
    refusal = "*localstack) echo 'Error: name is already in use'; exit 1 ;;"

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said.startswith("The local cloud did not start: Error: name is already in")


def test_a_local_cloud_on_the_host_that_has_the_port_is_named(
    checkout: Checkout,
) -> None:
    refusal = "*localstack) echo 'port is already allocated'; exit 1 ;;"
    record = checkout.root / ".tidemark" / "local" / "4801" / "cloud.json"
    record.parent.mkdir(parents=True)
    record.touch()

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said == (
        "The local cloud on port 4801 runs on the host: `make down` stops it."
    )


def test_nothing_starts_if_the_tool_refuses_its_settings(checkout: Checkout) -> None:
    refusal = "*\\ run*check) echo 'PRICE_HIGH=x: expected a number' >&2; exit 1 ;;"

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said == "PRICE_HIGH=x: expected a number"
    assert "--detach" not in checkout.asked()


def test_nothing_starts_if_the_file_to_replay_is_missing(checkout: Checkout) -> None:
    checkout.run("demo", "--file", "trades.csv")

    assert "--detach" not in checkout.asked()
    assert "tidemark demo --file trades.csv" in checkout.asked()


def test_a_marker_exists_while_a_local_cloud_runs_in_a_container(
    checkout: Checkout,
) -> None:
    mark = checkout.root / ".tidemark" / "in-a-container"

    checkout.run("up")
    assert mark.exists()
    checkout.run("down")
    assert not mark.exists()


def test_an_unhealthy_local_cloud_is_created_again(checkout: Checkout) -> None:
    checkout.run("up", docker=f"{RUNNING}\ninspect*) echo unhealthy ;;")

    assert " up --detach --force-recreate localstack" in checkout.asked()


@pytest.mark.parametrize("port", ["x1", "0", "65536", "99999999999"])
def test_an_invalid_port_is_one_line(checkout: Checkout, port: str) -> None:
    said = checkout.run("up", LOCALSTACK_PORT=port, status=1)

    assert said == f"LOCALSTACK_PORT={port}: expected a port from 1 to 65535"


def test_the_port_is_read_from_the_env_file(checkout: Checkout) -> None:
    (checkout.root / ".env").write_text("LOCALSTACK_PORT='4802' # mine\r\n")

    checkout.run("status", LOCALSTACK_PORT="")

    assert "label=tidemark.port=4802" in checkout.asked()


@pytest.mark.parametrize("command", ["up", "deploy", "down", "clean"])
def test_a_second_command_names_the_one_that_is_running(
    checkout: Checkout, command: str
) -> None:
    busy = "*ps*service=tidemark*) echo 'make demo (container a-7)' ;;"

    said = checkout.run(command, docker=busy, status=1).splitlines()[-1]

    assert said == str(Busy("make demo (container a-7)"))


def test_a_deployment_to_aws_starts_no_local_cloud(checkout: Checkout) -> None:
    checkout.run("deploy")

    assert "--detach" not in checkout.asked()
    assert "--label tidemark.command=make deploy " in checkout.asked()


def test_end_to_end_tests_start_and_remove_a_local_cloud_of_their_own(
    checkout: Checkout,
) -> None:
    taken = "*-e2e-*--detach*) [ $LOCALSTACK_PORT != 4900 ] || "
    taken += "{ echo 'port is already allocated'; exit 1; } ;;"
    theirs = "*ps*--quiet*project=shop-e2e*) echo c0ffee ;;"

    said = checkout.run(
        "e2e", "-k", "alerts", docker=f"{taken}\n{theirs}\n*\\ run*) env ;;"
    )

    asked = checkout.asked().splitlines()
    assert "LOCALSTACK_PORT=4901" in said
    assert asked[-3].endswith(
        "python tidemark -m pytest -o testpaths=tests/e2e -k alerts"
    )
    assert asked[-1] == "rm --force c0ffee"


def test_local_clouds_of_killed_tests_are_removed_first(checkout: Checkout) -> None:
    gone = 2**22 + 1
    listed = f"echo shop-e2e-{gone}; echo shop-e2e-{os.getpid()}; echo shop"

    checkout.run("e2e", docker=f"*ps*--format*compose.project*) {listed} ;;")

    removed = re.findall(r"--quiet --filter .*project=(\S+)$", checkout.asked(), re.M)
    assert f"shop-e2e-{gone}" in removed
    assert f"shop-e2e-{os.getpid()}" not in removed


def test_down_without_a_cloud_says_so(checkout: Checkout) -> None:
    assert checkout.run("down") == teardown.NONE_RUNS


@pytest.fixture
def cloud_of_the_host(checkout: Checkout) -> Path:
    """The record of a local cloud on the host."""
    record = checkout.root / ".tidemark" / "local" / "4801" / "cloud.json"
    record.parent.mkdir(parents=True)
    record.touch()
    return record


def test_down_stops_a_cloud_of_the_host_by_its_own_python(
    checkout: Checkout, cloud_of_the_host: Path
) -> None:
    checkout.program("python3", '[ "$1" = -c ] || echo "stopped by $*"')

    assert checkout.run("down") == "stopped by -m tidemark.teardown stop"


def test_a_status_tells_down_that_no_cloud_of_the_host_was_running(
    checkout: Checkout, cloud_of_the_host: Path
) -> None:
    checkout.program("python3", f'[ "$1" = -c ] || exit {teardown.NOTHING_RAN}')

    assert checkout.run("down") == teardown.NONE_RUNS


def test_down_fails_where_a_cloud_of_the_host_cannot_be_stopped(
    checkout: Checkout, cloud_of_the_host: Path
) -> None:
    checkout.program("python3", '[ "$1" = -c ] || { echo busy >&2; exit 1; }')

    assert checkout.run("down", status=1) == "busy"


def test_down_stops_every_local_cloud_of_the_checkout_and_nothing_else(
    checkout: Checkout,
) -> None:
    answers = """*ps*service=localstack*port\\"}}) echo shop 4801; echo a 4802 ;;
*ps*working_dir=*/Shop*--quiet*project=shop) echo c0ffee; echo decaf ;;
*ps*working_dir=*/Shop*--quiet*project=a) echo babe ;;"""

    said = checkout.run("down", docker=answers).splitlines()

    assert said == [
        "Stopped the local cloud on port 4801: 2 containers, none left.",
        "Stopped the local cloud on port 4802: 1 container, none left.",
    ]
    assert "rm --force c0ffee decaf\n" in checkout.asked()
    assert "rm --force babe\n" in checkout.asked()


def test_clean_removes_nothing_if_the_tool_refuses(checkout: Checkout) -> None:
    (checkout.root / ".tidemark").mkdir()
    refusal = "*\\ run*teardown\\ check) echo 'What runs on AWS' >&2; exit 1 ;;"

    said = checkout.run("clean", docker=refusal, status=1)

    assert said == "What runs on AWS"
    assert "teardown clean" not in checkout.asked()
    assert " rm " not in checkout.asked()


def test_clean_removes_the_images_of_this_checkout(checkout: Checkout) -> None:
    (checkout.root / ".tidemark").mkdir()
    listed = f"*image\\ ls*checkout={checkout.root}*) echo tidemark-tool:1 ;;"

    said = checkout.run("clean", docker=listed).splitlines()

    assert said[:2] == [
        teardown.NONE_RUNS,
        teardown.REMOVED,
    ]
    assert "tidemark -m tidemark.teardown clean" in checkout.asked()
    assert "image rm tidemark-tool:1" in checkout.asked()


def test_a_local_cloud_beside_one_of_the_same_name_has_its_port_in_its_name(
    checkout: Checkout,
) -> None:
    checkout.run("up", docker="*compose.project=shop*) echo c0ffee ;;")

    assert "--project-name shop-4801 up --detach localstack" in checkout.asked()


@pytest.mark.parametrize(
    ("folder", "name"), [("_My Shop", "myshop"), ("日本", "tidemark")]
)
def test_a_project_has_a_name_that_compose_takes(
    checkout: Checkout, tmp_path: Path, folder: str, name: str
) -> None:
    moved = checkout.root.rename(tmp_path / folder)

    Checkout(moved, checkout.shell, checkout.compose_v2).run("status")

    assert f"--project-name {name} run" in (moved / "docker.log").read_text()
