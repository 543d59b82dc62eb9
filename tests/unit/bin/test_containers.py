"""What `bin/containers` asks of Docker, and what it says where Docker refuses."""

import os
import re
import shutil
import subprocess
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
LISTED = """*ps*service=localstack*--format*tidemark.port*) echo 'shop 4801' ;;
*ps*--quiet*project=shop) echo c0ffee ;;"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout with a Docker that answers as it is told, and notes what is asked."""

    root: Path

    def run(
        self,
        *command: str,
        docker: str = "",
        check: bool = False,
        **environment: str,
    ) -> str:
        program = self.root / "path" / "docker"
        program.write_text(DOCKER.format(answers=docker))
        program.chmod(0o755)
        result = subprocess.run(
            ["/bin/sh", "bin/containers", *command],
            cwd=self.root,
            env={
                "PATH": f"{program.parent}:{os.defpath}",
                "LOCALSTACK_PORT": "4801",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=check,
        )
        return (result.stdout + result.stderr).strip()

    def asked(self) -> str:
        return (self.root / "docker.log").read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "Shop"
    (root / "path").mkdir(parents=True)
    (root / "emulator").mkdir()
    shutil.copytree(ROOT / "bin", root / "bin")
    for name in (".env.example", ".dockerignore", "requirements-dev.txt"):
        shutil.copy(ROOT / name, root)
    return Checkout(root)


def test_a_command_runs_beside_the_local_cloud_as_its_user(checkout: Checkout) -> None:
    said = checkout.run("status", docker=f"{RUNNING}\n*status) id ;;")

    assert f"uid={os.getuid()}" in said
    assert " run --rm --name " in checkout.asked()


def test_it_is_given_the_settings_and_nothing_else(checkout: Checkout) -> None:
    checkout.run("status", PRICE_HIGH="200", AWS_PROFILE="work", EDITOR="vi")

    [asked] = [line for line in checkout.asked().splitlines() if "status" in line]
    assert "-e PRICE_HIGH " in asked
    assert "-e AWS_PROFILE " in asked
    assert "EDITOR" not in asked


def test_what_a_command_reads_elsewhere_is_there_too(
    checkout: Checkout, tmp_path: Path
) -> None:
    trades = tmp_path / "my trades.csv"
    trades.touch()
    (checkout.root / ".env").write_text(f"TERRAFORM_PLUGIN_DIR={tmp_path}\n")
    credentials = tmp_path / "credentials"
    credentials.touch()

    checkout.run(
        "demo",
        "--file",
        "../my trades.csv",
        AWS_SHARED_CREDENTIALS_FILE=str(credentials),
    )

    asked = checkout.asked()
    assert f"-v {trades}:{trades}:ro " in asked
    assert f"-v {tmp_path}:{tmp_path}:ro " in asked
    assert f"-v {credentials}:{credentials}:ro " in asked
    assert "-e AWS_SHARED_CREDENTIALS_FILE " in asked


def test_what_is_in_the_checkout_is_there_anyway(checkout: Checkout) -> None:
    (checkout.root / "trades.csv").touch()

    checkout.run("demo", "--file", "trades.csv")

    assert "trades.csv:" not in checkout.asked()


def test_what_compose_announces_is_left_out(checkout: Checkout) -> None:
    said = checkout.run(
        "status",
        docker="*status) echo 'Creating shop_tidemark_run ... done' >&2; id ;;",
    )

    assert "uid=" in said
    assert "_run ..." not in said


def test_nor_is_what_it_says_of_the_exit_status(checkout: Checkout) -> None:
    said = checkout.run(
        "status", docker="*status) printf '7\\nNo more.\\n3\\n' >&2; exit 3 ;;"
    )

    assert said.endswith("\n7\nNo more.")


def test_a_command_that_fails_fails_here(checkout: Checkout) -> None:
    with pytest.raises(subprocess.CalledProcessError, match="exit status 3"):
        checkout.run("status", docker="*status) exit 3 ;;", check=True)


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ("*build) echo 'ERROR: no such package'; exit 1 ;;", "ERROR: no such package"),
        (
            "*build) echo 'write x: no space left on device'; exit 1 ;;",
            "No space left on device",
        ),
        (
            "*build) echo '#9 3.21 ERROR: no such package'; "
            "echo 'failed to solve: did not complete successfully: 1'; exit 1 ;;",
            "ERROR: no such package",
        ),
    ],
)
def test_a_build_that_fails_is_one_line(
    checkout: Checkout, answers: str, line: str
) -> None:
    said = checkout.run("up", docker=answers).splitlines()

    log = checkout.root / ".tidemark" / "logs" / "build.log"
    assert said == [
        "Building the containers …",
        f"Building the containers failed: {line} (all of it: {log})",
    ]


def test_a_port_that_is_taken_is_one_line(checkout: Checkout) -> None:
    refusal = "*localstack) echo 'Bind failed: port is already allocated'; exit 1 ;;"

    said = checkout.run("up", docker=refusal).splitlines()[-1]

    assert said.startswith("Port 4801 is taken by another program: end that, or set")


def test_nothing_starts_where_the_tool_would_refuse(checkout: Checkout) -> None:
    refusal = "*run*check) echo 'PRICE_HIGH=x: expected a number' >&2; exit 1 ;;"

    said = checkout.run("up", docker=refusal).splitlines()[-1]

    assert said == "PRICE_HIGH=x: expected a number"
    assert " up " not in checkout.asked()


def test_a_cloud_of_the_host_is_named(checkout: Checkout) -> None:
    refusal = "*localstack) echo 'port is already allocated'; exit 1 ;;"
    record = checkout.root / ".tidemark" / "local" / "4801" / "cloud.json"
    record.parent.mkdir(parents=True)
    record.touch()

    said = checkout.run("up", docker=refusal).splitlines()[-1]

    assert said == "The local cloud on port 4801 runs on the host: `make down` ends it."


def test_the_port_may_stand_in_a_file(checkout: Checkout) -> None:
    (checkout.root / ".env").write_text("LOCALSTACK_PORT=4802\n")

    checkout.run("status", LOCALSTACK_PORT="")

    assert "label=tidemark.port=4802" in checkout.asked()


def test_end_to_end_tests_have_a_cloud_of_their_own_that_ends_with_them(
    checkout: Checkout,
) -> None:
    taken = "*-e2e-*--detach*) [ $LOCALSTACK_PORT != 4900 ] || "
    taken += "{ echo 'port is already allocated'; exit 1; } ;;"

    checkout.run("e2e", "-k", "alerts", docker=taken)

    *_, run, down = checkout.asked().splitlines()
    assert "-e LOCALSTACK_PORT " in run
    assert run.endswith("python tidemark -m pytest tests/e2e -k alerts")
    assert re.search(r"-p shop-e2e-\d+ down --volumes", down)


def test_those_of_killed_tests_are_ended_first(checkout: Checkout) -> None:
    listed = f"shop-e2e-{2**22 + 1}\nshop-e2e-{os.getpid()}\nshop"

    checkout.run("e2e", docker=f"*ps*--format*compose.project*) echo '{listed}' ;;")

    asked = checkout.asked()
    assert f"-p shop-e2e-{2**22 + 1} down" in asked
    assert f"-p shop-e2e-{os.getpid()} down" not in asked
    assert "-p shop down" not in asked


@pytest.mark.parametrize("port", ["x1", "0", "65536", "99999999999"])
def test_a_port_that_is_none_is_one_line(checkout: Checkout, port: str) -> None:
    said = checkout.run("up", LOCALSTACK_PORT=port)

    assert said == f"LOCALSTACK_PORT={port}: expected a port from 1 to 65535"


@pytest.mark.parametrize("command", ["up", "down", "clean"])
def test_others_wait_for_a_command_at_work(checkout: Checkout, command: str) -> None:
    busy = "*ps*service=tidemark*) echo 'make demo (pid 7)' ;;"

    said = checkout.run(command, docker=busy).splitlines()[-1]

    assert said == (
        "Another command is at work here: make demo (pid 7). Let it finish."
    )


def test_down_without_a_cloud_says_so(checkout: Checkout) -> None:
    assert checkout.run("down") == "No local cloud runs."


def test_down_ends_every_cloud_of_the_checkout(checkout: Checkout) -> None:
    said = checkout.run("down", docker=LISTED)

    assert said == "The local cloud on port 4801 has ended: 1 container, none left."
    assert "-p shop down --volumes --remove-orphans" in checkout.asked()


def test_a_cloud_beside_one_of_the_same_name_has_its_port_in_its_own(
    checkout: Checkout,
) -> None:
    checkout.run("up", docker="*compose.project=shop*) echo c0ffee ;;")

    assert "-p shop-4801 up --detach localstack" in checkout.asked()
