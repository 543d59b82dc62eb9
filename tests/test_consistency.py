"""What the project says in two places, it says alike."""

import ast
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from infra.settings import Settings, load_settings
from tidemark.cli import COMMANDS
from tidemark.rules.stored import IN_EFFECT_MS
from tidemark_localstack.settings import TUNABLE

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;]+)", re.MULTILINE)
TARGET = re.compile(r"^([a-z]\w*):.*##", re.MULTILINE)
# Commands of bin/tidemark itself.
OF_THE_SCRIPT = {"python", "e2e"}
# LocalStack's environment is apart: its release dictates its versions.
LOCKS_OF_ONE_VERSION = ("tool", "dev", "lambda", "runtime", "bootstrap")


def test_every_function_of_the_stack_is_a_service_and_every_service_a_function() -> (
    None
):
    handlers = ROOT.glob("services/*/handler.py")

    services = {path.parent.name.replace("_", "-") for path in handlers}

    assert services == set(_constant("infra/stack.py", "FUNCTIONS"))


def test_the_example_of_settings_names_each_setting_once() -> None:
    names = re.findall(r"^([A-Z_]+)=", _text(".env.example"), re.MULTILINE)

    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_of_settings_shows_the_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.environ", {})

    assert load_settings(env_file=ROOT / ".env.example") == load_settings(env_file=None)


def test_the_readme_names_every_make_target() -> None:
    targets = set(TARGET.findall(_text("Makefile"))) - {"help"}

    named = re.findall(r"\bmake (\w+)", _text("README.md"))

    assert targets - set(named) == set()


def test_every_make_target_that_the_documents_name_exists() -> None:
    documents = [ROOT / "README.md", ROOT / ".env.example", *ROOT.glob("docs/**/*.md")]
    named = re.findall(r"`make (\w+)", "".join(path.read_text() for path in documents))

    assert set(named) <= set(TARGET.findall(_text("Makefile")))


@pytest.mark.parametrize("documents", ["Makefile", "README.md", "docs/**/*.md"])
def test_every_tool_command_that_the_documents_name_exists(documents: str) -> None:
    text = "".join(path.read_text() for path in ROOT.glob(documents))
    caller = r"(?:\$\(TIDEMARK\)|\$\(PYTHON\) -m tidemark|bin/tidemark) ([a-z0-9]+)"
    named = set(re.findall(caller, text)) - OF_THE_SCRIPT

    assert named
    assert named <= COMMANDS.keys()


def test_a_package_has_one_version_wherever_it_is_locked() -> None:
    locked = {pin for lock in LOCKS_OF_ONE_VERSION for pin in _pins(lock).items()}

    often = Counter(name for name, _ in locked)

    assert {name for name, count in often.items() if count > 1} == set()


@pytest.mark.parametrize(
    "group", ["tool", "dev", "lambda", "runtime", "localstack", "audit"]
)
def test_every_dependency_is_locked(group: str) -> None:
    project = tomllib.loads(_text("pyproject.toml"))
    groups = {
        "tool": project["project"]["dependencies"],
        **project["dependency-groups"],
    }

    names = {re.split(r"[\[=<>~ ]", dependency)[0] for dependency in groups[group]}

    assert names <= _pins(group).keys()


def test_the_hooks_before_a_commit_are_make_targets() -> None:
    entries = re.findall(r"entry: make (\w+)", _text(".pre-commit-config.yaml"))

    assert entries
    assert set(entries) <= set(TARGET.findall(_text("Makefile")))


def test_the_workflow_runs_the_tests_with_the_pinned_terraform() -> None:
    workflow = _text(".github/workflows/test.yml")
    (pinned,) = re.findall(r"hashicorp/terraform:(\S+)", _text("Dockerfile"))

    assert re.search(r"run: make test$", workflow, re.MULTILINE)
    assert f"terraform_version: {pinned}\n" in workflow
    assert f'"version": "{pinned}"' in _text(".devcontainer/devcontainer.json")


def test_the_project_has_an_id_that_the_official_cli_leaves_alone() -> None:
    assert UUID(json.loads(_text("cdktf.json"))["projectId"]).version == 4


def test_every_lock_belongs_to_an_environment() -> None:
    groups = tomllib.loads(_text("pyproject.toml"))["dependency-groups"]

    locks = {path.stem for path in (ROOT / "requirements").iterdir()}

    assert locks == {"tool", "bootstrap", *groups}


def test_the_tool_waits_for_rules_longer_than_the_function_keeps_them() -> None:
    assert _constant("services/data_processor/rulebook.py", "FRESH_MS") < IN_EFFECT_MS


def test_every_file_of_a_feed_is_in_the_registry_of_feeds() -> None:
    files = ROOT.glob("tidemark/feeds/*.py")
    feeds = {path.stem for path in files if "\nFEEDS = (" in path.read_text()}

    registered = re.findall(
        r"^    (\w+)\.FEEDS,$", _text("tidemark/feeds/registry.py"), re.M
    )

    assert registered == sorted(feeds)


def test_python_has_one_version_everywhere() -> None:
    version = _text(".python-version").strip()
    tools = tomllib.loads(_text("pyproject.toml"))["tool"]

    assert tools["mypy"]["python_version"] == version
    assert tools["ruff"]["target-version"] == f"py{version.replace('.', '')}"
    assert f'runtime="python{version}"' in _text("infra/function.py")
    assert f"FROM python:{version}-slim-" in _text("Dockerfile")


def test_containers_accept_the_same_tuning_variables_as_the_host() -> None:
    passed_on = re.findall(r"^ +- ([A-Z_]+)$", _text("docker-compose.yml"), re.M)

    assert sorted(passed_on) == sorted(TUNABLE)


def _text(path: str) -> str:
    return (ROOT / path).read_text()


def _pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall(_text(f"requirements/{lock}.txt")))


def _constant(path: str, name: str) -> Any:
    """A constant of a module that is slow to import."""
    for statement in ast.parse(_text(path)).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=found)]) if found == name:
                return ast.literal_eval(statement.value)
    raise LookupError(f"{path} has no {name}")
