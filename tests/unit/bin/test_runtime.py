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
    "context inspect") echo "{host}" ;;
    "compose version") {compose} ;;
esac
"""
NEAR = "unix:///var/run/docker.sock"
HOST = "the tool on the host: "
CONTAINERS = "in containers: "
PYTHON = f"""#!/bin/sh
[ "$1" = -c ] || echo "{HOST}$*"
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout in which either runtime only says that it was taken."""

    root: Path

    def docker(
        self, *, engine: str = "true", compose: str = "true", host: str = NEAR
    ) -> None:
        program = DOCKER.format(engine=engine, compose=compose, host=host)
        self.program("docker", program)

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
    for name in ("tidemark", "lib/common.sh"):
        shutil.copy(BIN / name, tmp_path / "bin" / name)
    taken = f'echo "{CONTAINERS}$*"'
    (tmp_path / "bin" / "containers").write_text(taken)
    for tool in ("dirname", "id", "sed", "tail", "tr", "sh"):
        os.symlink(str(shutil.which(tool)), tmp_path / "path" / tool)
    made = Checkout(tmp_path)
    made.program("python3", PYTHON)
    return made


def test_without_docker_it_is_the_host(checkout: Checkout) -> None:
    assert checkout.run("up").startswith(HOST)


def test_an_engine_that_answers_is_taken(checkout: Checkout) -> None:
    checkout.docker()

    assert checkout.run("logs", "--follow") == f"{CONTAINERS}logs --follow"


@pytest.mark.parametrize(
    ("compose", "taken"), [("true", "docker compose"), ("exit 1", "docker-compose")]
)
def test_the_scripts_for_containers_are_told_which_compose_there_is(
    checkout: Checkout, compose: str, taken: str
) -> None:
    checkout.docker(compose=compose)
    checkout.program("docker-compose", "#!/bin/sh\n")
    (checkout.root / "bin" / "containers").write_text('echo "$COMPOSE"')

    assert checkout.run("up") == taken


@pytest.mark.parametrize(
    "lacking",
    [
        {"engine": "exit 1"},
        {"compose": "exit 1"},
        {"host": "ssh://build@machine"},
    ],
)
def test_one_that_will_not_do_is_left_alone(
    checkout: Checkout, lacking: dict[str, str]
) -> None:
    checkout.docker(**lacking)

    assert checkout.run("up").startswith(HOST)


def test_another_python_is_none_unless_it_is_asked_for(checkout: Checkout) -> None:
    checkout.docker(engine="echo no daemon >&2; exit 1")
    checkout.program("python3", PYTHON.replace("||", "&& exit 1 ||"))

    assert checkout.run("up").startswith(
        "Tidemark needs Docker or Python 3.13, and finds neither: no engine answers "
        "(no daemon). Start it, or install"
    )
    assert checkout.run("up", TIDEMARK_RUNTIME="host").startswith(HOST)


def test_without_a_command_it_lists_them(checkout: Checkout) -> None:
    assert checkout.run().endswith("tool --help")


def test_one_on_another_machine_can_be_asked_for(checkout: Checkout) -> None:
    checkout.docker(host="ssh://build@machine")

    assert checkout.run("up", TIDEMARK_RUNTIME="docker") == f"{CONTAINERS}up"


def test_the_host_can_be_asked_for(checkout: Checkout) -> None:
    checkout.docker()

    assert checkout.run("up", TIDEMARK_RUNTIME="host").startswith(HOST)


def test_settings_come_from_a_file_too_but_the_environment_wins(
    checkout: Checkout,
) -> None:
    checkout.docker()
    line = "TIDEMARK_RUNTIME = 'host' # mine\r\n"
    (checkout.root / ".env").write_text(line)

    assert checkout.run("up").startswith(HOST)
    assert checkout.run("up", TIDEMARK_RUNTIME="docker") == f"{CONTAINERS}up"


@pytest.mark.parametrize(
    ("engine", "compose", "line"),
    [
        ("echo no daemon >&2; exit 1", "true", r"no engine answers \(no daemon\)"),
        ("true", "exit 1", "Docker has no Compose"),
        ("echo permission denied >&2; exit 1", "true", "usermod -aG docker"),
    ],
)
def test_docker_that_does_not_do_is_one_line(
    checkout: Checkout, engine: str, compose: str, line: str
) -> None:
    checkout.docker(engine=engine, compose=compose)

    said = checkout.run("up", TIDEMARK_RUNTIME="docker")

    assert len(said.splitlines()) == 1
    assert re.search(line, said)


def test_a_checkout_behind_a_link_is_the_same(
    checkout: Checkout, tmp_path: Path
) -> None:
    checkout.docker()
    (checkout.root / "bin" / "containers").write_text('echo "$PWD"')
    link = tmp_path / "link"
    link.symlink_to(checkout.root)

    assert Checkout(link).run("up", PWD=str(link)) == str(checkout.root)


@pytest.mark.parametrize("command", ["down", "clean"])
def test_what_may_run_in_a_container_is_not_forgotten(
    checkout: Checkout, command: str
) -> None:
    (checkout.root / ".tidemark").mkdir()
    (checkout.root / ".tidemark" / "in-a-container").touch()

    said = checkout.run(command)

    assert said.startswith(f"{HOST}-m tidemark.teardown {command}")
    assert "`TIDEMARK_RUNTIME=docker make down` ends it." in said


def test_docker_that_is_not_there_is_one_line(checkout: Checkout) -> None:
    said = checkout.run("up", TIDEMARK_RUNTIME="docker")

    assert said.startswith("TIDEMARK_RUNTIME=docker: there is no `docker` on PATH.")


def test_another_runtime_is_none(checkout: Checkout) -> None:
    said = checkout.run("up", TIDEMARK_RUNTIME="dokcer")

    assert said == "TIDEMARK_RUNTIME=dokcer: expected auto, docker or host"


@pytest.mark.parametrize(
    ("runtime", "line"),
    [
        ("auto", "Tidemark needs Docker or Python 3.13, and finds neither: there is"),
        ("host", "TIDEMARK_RUNTIME=host: there is no `python3` on PATH."),
    ],
)
def test_without_docker_and_python_it_says_what_it_needs(
    checkout: Checkout, runtime: str, line: str
) -> None:
    (checkout.root / "path" / "python3").unlink()

    assert checkout.run("up", TIDEMARK_RUNTIME=runtime).startswith(line)
