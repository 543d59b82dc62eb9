"""Which runtime `bin/tidemark` takes, with a Docker that only says what it is told."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

BIN = Path(__file__).parents[3] / "bin"
DOCKER = """#!/bin/sh
case "$1 $2" in
    "version "*) {engine} ;;
    "compose version") {compose} ;;
esac
"""
HOST = "the tool on the host: "
CONTAINERS = "in containers: "


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout in which either runtime only says that it was taken."""

    root: Path

    def docker(self, *, engine: str = "true", compose: str = "true") -> None:
        self.program("docker", DOCKER.format(engine=engine, compose=compose))

    def program(self, name: str, text: str) -> None:
        program = self.root / "path" / name
        program.write_text(text)
        program.chmod(0o755)

    def run(self, *command: str, **environment: str) -> str:
        result = subprocess.run(
            ["/bin/sh", "bin/tidemark", *command],
            cwd=self.root,
            env={"PATH": str(self.root / "path"), **environment},
            capture_output=True,
            text=True,
        )
        return (result.stdout + result.stderr).strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    (tmp_path / "bin" / "lib").mkdir(parents=True)
    (tmp_path / "path").mkdir()
    for name in ("tidemark", "lib/settings.sh"):
        shutil.copy(BIN / name, tmp_path / "bin" / name)
    taken = f'echo "{CONTAINERS}$LOCALSTACK_PORT $*"'
    (tmp_path / "bin" / "containers").write_text(taken)
    for tool in ("dirname", "sed", "tail", "tr", "sh"):
        os.symlink(str(shutil.which(tool)), tmp_path / "path" / tool)
    made = Checkout(tmp_path)
    made.program("python3", f'#!/bin/sh\necho "{HOST}$*"')
    return made


def test_without_docker_it_is_the_host(checkout: Checkout) -> None:
    assert checkout.run("up").startswith(HOST)


def test_an_engine_is_taken_by_those_who_ask_for_it(checkout: Checkout) -> None:
    checkout.docker()

    said = checkout.run("logs", "--follow", TIDEMARK_RUNTIME="docker")

    assert said == f"{CONTAINERS}4566 logs --follow"


def test_an_engine_that_nobody_asked_for_is_left_alone(checkout: Checkout) -> None:
    checkout.docker()

    assert checkout.run("up").startswith(HOST)


def test_the_host_can_be_asked_for(checkout: Checkout) -> None:
    checkout.docker()

    assert checkout.run("up", TIDEMARK_RUNTIME="host").startswith(HOST)


def test_settings_come_from_a_file_too_but_the_environment_wins(
    checkout: Checkout,
) -> None:
    checkout.docker()
    lines = ["LOCALSTACK_PORT = '4801' # mine", "TIDEMARK_RUNTIME=host"]
    (checkout.root / ".env").write_text("\r\n".join(lines))

    assert checkout.run("up").startswith(HOST)
    assert checkout.run("up", TIDEMARK_RUNTIME="docker") == f"{CONTAINERS}4801 up"


@pytest.mark.parametrize(
    ("engine", "compose", "line"),
    [
        ("echo no daemon >&2; exit 1", "true", r"no engine answers.*\(no daemon\)$"),
        ("true", "exit 1", "Docker has no Compose"),
    ],
)
def test_docker_that_does_not_do_is_one_line(
    checkout: Checkout, engine: str, compose: str, line: str
) -> None:
    checkout.docker(engine=engine, compose=compose)

    said = checkout.run("up", TIDEMARK_RUNTIME="docker")

    assert len(said.splitlines()) == 1
    assert re.search(line, said)


def test_docker_that_is_not_there_is_one_line(checkout: Checkout) -> None:
    said = checkout.run("up", TIDEMARK_RUNTIME="docker")

    assert said.startswith("TIDEMARK_RUNTIME=docker: there is no `docker` on PATH.")


def test_another_runtime_is_none(checkout: Checkout) -> None:
    said = checkout.run("up", TIDEMARK_RUNTIME="dokcer")

    assert said == "TIDEMARK_RUNTIME=dokcer: expected auto, docker or host"


def test_without_docker_and_python_it_says_what_it_needs(checkout: Checkout) -> None:
    (checkout.root / "path" / "python3").unlink()

    assert checkout.run("up").startswith("Tidemark needs Python 3.13 as `python3`, or")
