"""The runtime that `bin/tidemark` chooses, with a stub of Docker."""

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
    """A checkout in which each runtime only prints that it was chosen."""

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
    (tmp_path / "path").mkdir()
    shutil.copytree(BIN, tmp_path / "bin")
    taken = f'echo "{CONTAINERS}$*"'
    (tmp_path / "bin" / "containers").write_text(taken)
    for tool in ("awk", "dirname", "id", "sed", "tail", "tr", "sh"):
        os.symlink(str(shutil.which(tool)), tmp_path / "path" / tool)
    made = Checkout(tmp_path)
    made.program("python3", PYTHON)
    return made


def test_files_to_read_are_seen_from_where_the_command_is_called(
    checkout: Checkout, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()

    result = subprocess.run(
        ["/bin/sh", "../bin/tidemark", "read", "a b.csv", "/c.csv", "-"],
        cwd=elsewhere,
        env={"PATH": str(checkout.root / "path")},
        capture_output=True,
        text=True,
    )

    assert result.stdout.endswith(f" read {elsewhere}/a b.csv /c.csv -\n")
    assert checkout.run("read", "a.csv").endswith(" read a.csv")


def test_without_docker_the_host_is_used(checkout: Checkout) -> None:
    assert checkout.run("up").startswith(HOST)


def test_an_engine_that_answers_is_used(checkout: Checkout) -> None:
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
def test_an_engine_that_cannot_be_used_is_ignored(
    checkout: Checkout, lacking: dict[str, str]
) -> None:
    checkout.docker(**lacking)

    assert checkout.run("up").startswith(HOST)


def test_another_version_of_python_is_used_only_on_request(checkout: Checkout) -> None:
    checkout.docker(engine="echo no daemon >&2; exit 1")
    checkout.program("python3", PYTHON.replace("||", "&& exit 1 ||"))

    assert checkout.run("up").startswith(
        "Tidemark needs Docker or Python 3.13 and can use neither: no engine answers "
        "(no daemon). Start it, or install"
    )
    assert checkout.run("up", TIDEMARK_RUNTIME="host").startswith(HOST)


def test_without_a_command_the_commands_are_listed(checkout: Checkout) -> None:
    assert checkout.run().endswith("tool --help")


def test_an_engine_on_another_machine_is_used_only_on_request(
    checkout: Checkout,
) -> None:
    checkout.docker(host="ssh://build@machine")

    assert checkout.run("up", TIDEMARK_RUNTIME="docker") == f"{CONTAINERS}up"


def test_the_host_is_used_on_request(checkout: Checkout) -> None:
    checkout.docker()

    assert checkout.run("up", TIDEMARK_RUNTIME="host").startswith(HOST)


def test_the_environment_overrides_the_env_file(
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
def test_an_unusable_docker_is_one_line(
    checkout: Checkout, engine: str, compose: str, line: str
) -> None:
    checkout.docker(engine=engine, compose=compose)

    said = checkout.run("up", TIDEMARK_RUNTIME="docker")

    assert len(said.splitlines()) == 1
    assert re.search(line, said)


def test_a_checkout_behind_a_link_is_entered_by_its_real_path(
    checkout: Checkout, tmp_path: Path
) -> None:
    checkout.docker()
    (checkout.root / "bin" / "containers").write_text('echo "$PWD"')
    link = tmp_path / "link"
    link.symlink_to(checkout.root)

    assert Checkout(link).run("up", PWD=str(link)) == str(checkout.root)


@pytest.mark.parametrize("command", ["down", "clean"])
def test_down_on_the_host_mentions_a_local_cloud_in_a_container(
    checkout: Checkout, command: str
) -> None:
    (checkout.root / ".tidemark").mkdir()
    (checkout.root / ".tidemark" / "in-a-container").touch()

    said = checkout.run(command)

    assert said.startswith(f"{HOST}-m tidemark.teardown {command}")
    assert "`TIDEMARK_RUNTIME=docker make down` stops it." in said


def test_a_missing_docker_is_one_line(checkout: Checkout) -> None:
    said = checkout.run("up", TIDEMARK_RUNTIME="docker")

    assert said.startswith("TIDEMARK_RUNTIME=docker: there is no `docker` on PATH.")


def test_an_unknown_runtime_is_one_line(checkout: Checkout) -> None:
    said = checkout.run("up", TIDEMARK_RUNTIME="dokcer")

    assert said == "TIDEMARK_RUNTIME=dokcer: expected auto, docker or host"


@pytest.mark.parametrize(
    ("runtime", "line"),
    [
        ("auto", "Tidemark needs Docker or Python 3.13 and can use neither: there is"),
        ("host", "TIDEMARK_RUNTIME=host: there is no `python3` on PATH."),
    ],
)
def test_without_docker_and_python_the_error_says_what_is_needed(
    checkout: Checkout, runtime: str, line: str
) -> None:
    (checkout.root / "path" / "python3").unlink()

    assert checkout.run("up", TIDEMARK_RUNTIME=runtime).startswith(line)
