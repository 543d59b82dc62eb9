"""`.env` means the same to the scripts in `bin/` and to the tool."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra import env_file
from infra.settings import Settings

ROOT = Path(__file__).parents[3]
NAME = "TIDEMARK_RUNTIME"
CASES = json.loads((ROOT / "tests" / "payloads" / "env_files.json").read_text())
ASK = f'. bin/lib/settings.sh; setting {NAME} ""'

of_each_file = pytest.mark.parametrize(
    ("text", "value"),
    [pytest.param(case["text"], case["value"], id=case["case"]) for case in CASES],
)


def from_the_shell(folder: Path, shell: str, **environment: str) -> str:
    (folder / "bin").mkdir(exist_ok=True)
    shutil.copytree(ROOT / "bin" / "lib", folder / "bin" / "lib", dirs_exist_ok=True)
    asked = subprocess.run(
        [shell, "-euc", ASK],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )
    assert asked.stderr == ""
    return asked.stdout.removesuffix("\n")


@pytest.fixture(params=["dash", "bash"])
def shell(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not shutil.which(name):
        pytest.skip(f"there is no {name} here")
    return name


@of_each_file
def test_the_scripts_read_a_file_by_the_shared_rules(
    text: str, value: str, tmp_path: Path, shell: str
) -> None:
    (tmp_path / ".env").write_text(text, newline="")

    assert from_the_shell(tmp_path, shell) == value
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", "bin"]


@of_each_file
def test_the_tool_reads_a_file_by_the_shared_rules(
    text: str, value: str, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(text, newline="")

    assert env_file.read(tmp_path / ".env").values.get(NAME, "") == value


def test_the_environment_wins_unless_it_is_empty(tmp_path: Path, shell: str) -> None:
    (tmp_path / ".env").write_text(f"{NAME}=host\n")

    assert from_the_shell(tmp_path, shell, **{NAME: "docker"}) == "docker"
    assert from_the_shell(tmp_path, shell, **{NAME: ""}) == "host"


def test_without_a_file_nothing_is_set(tmp_path: Path, shell: str) -> None:
    assert from_the_shell(tmp_path, shell) == ""
    assert env_file.read(tmp_path / ".env").values == {}


@pytest.mark.parametrize(
    ("field", "script"),
    [
        ("localstack_port", "bin/lib/cloud.sh"),
        ("tidemark_runtime", "bin/tidemark"),
    ],
)
def test_the_scripts_refuse_a_value_as_the_tool_does(field: str, script: str) -> None:
    allowed = Settings.model_fields[field].description

    assert f"{field.upper()}=$" in (ROOT / script).read_text()
    assert f": expected {allowed}" in (ROOT / script).read_text()


def test_the_scripts_have_the_defaults_of_the_tool() -> None:
    scripts = [path for path in (ROOT / "bin").rglob("*") if path.is_file()]
    text = "".join(path.read_text() for path in scripts)

    read = set(re.findall(r"\$\(setting ([A-Z_]+) (\w+)\)", text))

    defaults = {
        (name, str(Settings.model_fields[name.lower()].default)) for name, _ in read
    }
    assert read
    assert read == defaults
