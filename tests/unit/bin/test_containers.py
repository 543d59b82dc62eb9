"""What `bin/containers` asks of Docker, and what it says where Docker refuses.

With either Compose, and in either shell that `/bin/sh` may be.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCKER = """#!/bin/sh
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
    """A checkout with a Docker that answers as it is told, and notes what is asked."""

    root: Path
    shell: list[str]
    compose_v2: bool

    def command(
        self, *command: str, docker: str, piped: bool = False, **environment: str
    ) -> "subprocess.Popen[str]":
        path = self.root / "path"
        for name in ("docker", "docker-compose"):
            path.joinpath(name).write_text(DOCKER.format(answers=docker))
            path.joinpath(name).chmod(0o755)
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
    for name in (".env.example", ".dockerignore", *ROOT.glob("requirements-*.txt")):
        shutil.copy(ROOT / name, root)
    return Checkout(root, shell, request.param)


def test_a_command_runs_beside_the_local_cloud_as_its_user(checkout: Checkout) -> None:
    said = checkout.run("status", docker=f"{RUNNING}\n*\\ run*) id; env ;;")

    assert f"uid={os.getuid()}" in said
    assert "TIDEMARK_NETWORK=container:c0ffee" in said
    assert "--project-name shop run --rm --name shop-" in checkout.asked()


def test_its_files_belong_to_the_owner_of_the_checkout(checkout: Checkout) -> None:
    owner = checkout.root.stat()

    said = checkout.run("status", docker="*\\ run*) env ;;")

    assert f"TIDEMARK_USER={owner.st_uid}:{owner.st_gid}" in said


def test_where_docker_has_no_root_they_belong_to_roots(checkout: Checkout) -> None:
    rootless = "info*) echo '[name=rootless]' ;;"

    said = checkout.run("status", docker=f"{rootless}\n*\\ run*) env ;;")

    assert "TIDEMARK_USER=0:0" in said


def test_it_is_given_the_settings_and_nothing_else(checkout: Checkout) -> None:
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


def test_what_a_command_reads_elsewhere_is_there_too(
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


def test_what_is_in_the_checkout_is_there_anyway(checkout: Checkout) -> None:
    (checkout.root / "trades.csv").touch()

    checkout.run("demo", "--file", "trades.csv")

    assert "trades.csv:" not in checkout.asked()


@pytest.mark.parametrize(
    ("command", "target", "mounted"),
    [("status", "local", False), ("status", "aws", True), ("plan", "local", True)],
)
def test_credentials_are_there_for_what_is_done_on_aws(
    checkout: Checkout, tmp_path: Path, command: str, target: str, mounted: bool
) -> None:
    (tmp_path / ".aws").mkdir()

    checkout.run(command, HOME=str(tmp_path), TARGET=target)

    assert (f"-v {tmp_path}/.aws:/tmp/.aws " in checkout.asked()) is mounted


def test_what_compose_says_itself_is_left_out(checkout: Checkout) -> None:
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


def test_what_is_piped_to_it_arrives(checkout: Checkout) -> None:
    cat = "*\\ run*\\ check) cat > /dev/null ;;\n*\\ run*) cat ;;"

    assert checkout.run("demo", "--file", "-", docker=cat, given="trades") == "trades"


def test_names_that_a_loop_reads_are_left_to_it(checkout: Checkout) -> None:
    assert checkout.run("ticks", docker="*\\ run*) cat ;;", given="BTC-USD") == ""


def test_a_command_that_fails_fails_here(checkout: Checkout) -> None:
    checkout.run("status", docker="*\\ run*) exit 3 ;;", status=3)


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 143), (signal.SIGINT, 130)],
)
def test_a_command_that_is_ended_ends_its_container(
    checkout: Checkout, number: signal.Signals, status: int
) -> None:
    with at_work(checkout, "logs", "--follow") as running:
        running.send_signal(number)

        assert running.wait(timeout=30) == status
    assert f"stop shop-{running.pid}" in checkout.asked()


def test_tests_that_are_ended_end_their_cloud(checkout: Checkout) -> None:
    theirs = "*ps*--quiet*project=shop-e2e*) echo c0ffee ;;"

    with at_work(checkout, "e2e", docker=theirs) as running:
        running.terminate()
        running.wait(timeout=30)

    assert checkout.asked().splitlines()[-1] == "rm --force c0ffee"


@contextmanager
def at_work(
    checkout: Checkout, *command: str, docker: str = ""
) -> "Iterator[subprocess.Popen[str]]":
    """A command whose container is at work until the test ends."""
    begun, end = checkout.root / "begun", checkout.root / "end"
    busy = f"*\\ run*) touch {begun}; while [ ! -e {end} ]; do sleep 0.1; done ;;"
    with checkout.command(*command, docker=f"{docker}\n{busy}") as running:
        try:
            while running.poll() is None and not begun.exists():
                time.sleep(0.05)
            yield running
        finally:
            end.touch()


@pytest.mark.parametrize(
    ("build", "line"),
    [
        ("echo 'ERROR: no such package'", "ERROR: no such package"),
        ("echo 'write x: no space left on device'", "No space left on device"),
        (
            "echo '#9 3.21 ERROR: no such package'; "
            "echo 'failed to solve: did not complete successfully: 1'",
            "ERROR: no such package",
        ),
        ("true", "It does not say why"),
    ],
)
def test_a_build_that_fails_is_one_line(
    checkout: Checkout, build: str, line: str
) -> None:
    answers = f"{STALE}\n*\\ build*) {build}; exit 1 ;;"

    said = checkout.run("up", docker=answers, status=1).splitlines()

    log = checkout.root / ".tidemark" / "logs" / "build.log"
    assert said == [
        "Building the containers …",
        f"Building the containers failed: {line} (all of it: {log})",
    ]


def test_a_build_knows_the_way_to_the_registries(checkout: Checkout) -> None:
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


def test_images_are_of_the_sources_that_are_there(checkout: Checkout) -> None:
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

    assert said.startswith("Port 4801 is taken by another program: end that, or set")


def test_a_name_that_is_taken_is_no_port(checkout: Checkout) -> None:
    refusal = "*localstack) echo 'Error: name is already in use'; exit 1 ;;"

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said.startswith("The local cloud did not start: Error: name is already in")


def test_a_cloud_of_the_host_is_named(checkout: Checkout) -> None:
    refusal = "*localstack) echo 'port is already allocated'; exit 1 ;;"
    record = checkout.root / ".tidemark" / "local" / "4801" / "cloud.json"
    record.parent.mkdir(parents=True)
    record.touch()

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said == "The local cloud on port 4801 runs on the host: `make down` ends it."


def test_nothing_starts_where_the_tool_would_refuse(checkout: Checkout) -> None:
    refusal = "*\\ run*check) echo 'PRICE_HIGH=x: expected a number' >&2; exit 1 ;;"

    said = checkout.run("up", docker=refusal, status=1).splitlines()[-1]

    assert said == "PRICE_HIGH=x: expected a number"
    assert "--detach" not in checkout.asked()


def test_nor_for_a_file_that_is_not_there(checkout: Checkout) -> None:
    checkout.run("demo", "--file", "trades.csv")

    assert "--detach" not in checkout.asked()
    assert "tidemark demo --file trades.csv" in checkout.asked()


def test_it_is_known_that_a_cloud_runs_in_a_container(checkout: Checkout) -> None:
    mark = checkout.root / ".tidemark" / "in-a-container"

    checkout.run("up")
    assert mark.exists()
    checkout.run("down")
    assert not mark.exists()


def test_a_cloud_that_is_ill_is_made_anew(checkout: Checkout) -> None:
    checkout.run("up", docker=f"{RUNNING}\ninspect*) echo unhealthy ;;")

    assert " up --detach --force-recreate localstack" in checkout.asked()


@pytest.mark.parametrize("port", ["x1", "0", "65536", "99999999999"])
def test_a_port_that_is_none_is_one_line(checkout: Checkout, port: str) -> None:
    said = checkout.run("up", LOCALSTACK_PORT=port, status=1)

    assert said == f"LOCALSTACK_PORT={port}: expected a port from 1 to 65535"


def test_the_port_may_stand_in_a_file(checkout: Checkout) -> None:
    (checkout.root / ".env").write_text("LOCALSTACK_PORT='4802' # mine\r\n")

    checkout.run("status", LOCALSTACK_PORT="")

    assert "label=tidemark.port=4802" in checkout.asked()


@pytest.mark.parametrize("command", ["up", "deploy", "down", "clean"])
def test_others_wait_for_a_command_at_work(checkout: Checkout, command: str) -> None:
    busy = "*ps*service=tidemark*) echo 'make demo (container a-7)' ;;"

    said = checkout.run(command, docker=busy, status=1).splitlines()[-1]

    assert said == (
        "Another command is at work here: make demo (container a-7). Let it finish."
    )


def test_a_change_of_aws_starts_no_cloud(checkout: Checkout) -> None:
    checkout.run("deploy")

    assert "--detach" not in checkout.asked()
    assert "--label tidemark.command=make deploy " in checkout.asked()


def test_end_to_end_tests_have_a_cloud_of_their_own_that_ends_with_them(
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
    assert asked[-3].endswith("python tidemark -m pytest tests/e2e -k alerts")
    assert asked[-1] == "rm --force c0ffee"


def test_those_of_killed_tests_are_ended_first(checkout: Checkout) -> None:
    gone = 2**22 + 1
    listed = f"echo shop-e2e-{gone}; echo shop-e2e-{os.getpid()}; echo shop"

    checkout.run("e2e", docker=f"*ps*--format*compose.project*) {listed} ;;")

    removed = re.findall(r"--quiet --filter .*project=(\S+)$", checkout.asked(), re.M)
    assert f"shop-e2e-{gone}" in removed
    assert f"shop-e2e-{os.getpid()}" not in removed


def test_down_without_a_cloud_says_so(checkout: Checkout) -> None:
    assert checkout.run("down") == "No local cloud runs."


def test_down_ends_every_cloud_of_the_checkout_and_nothing_else(
    checkout: Checkout,
) -> None:
    answers = """*ps*service=localstack*port\\"}}) echo shop 4801; echo a 4802 ;;
*ps*working_dir=*/Shop*--quiet*project=shop) echo c0ffee; echo decaf ;;
*ps*working_dir=*/Shop*--quiet*project=a) echo babe ;;"""

    said = checkout.run("down", docker=answers).splitlines()

    assert said == [
        "The local cloud on port 4801 has ended: 2 containers, none left.",
        "The local cloud on port 4802 has ended: 1 container, none left.",
    ]
    assert "rm --force c0ffee decaf\n" in checkout.asked()
    assert "rm --force babe\n" in checkout.asked()


def test_clean_keeps_everything_where_something_must_not_go(checkout: Checkout) -> None:
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
        "No local cloud runs.",
        "Removed all that the commands had made.",
    ]
    assert "tidemark -m tidemark.teardown clean" in checkout.asked()
    assert "image rm tidemark-tool:1" in checkout.asked()


def test_a_cloud_beside_one_of_the_same_name_has_its_port_in_its_own(
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
