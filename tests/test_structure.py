"""Imports between the packages of the project point in one direction."""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HANDLERS = ROOT.glob("services/*/handler.py")
FUNCTIONS = {f"services.{handler.parent.name}" for handler in HANDLERS}
SHARED = {"services.market", "services.exchanges", "services.rules"}
# What a package may import of the others. The longest name that fits a module counts.
MAY_IMPORT: dict[str, set[str]] = {
    "services.market": set(),
    "services.rules": {"services.market"},
    "services.exchanges": {"services.market"},
    "services.aws": {"services.market"},
    "services.channels": {"services.market"},
    **{function: {*SHARED, "services.aws"} for function in FUNCTIONS},
    "services.notifier": {*SHARED, "services.aws", "services.channels"},
    "infra": SHARED,
    "tidemark_localstack": set(),
    "tidemark.machine": set(),
    "tidemark.local_cloud": {"tidemark.machine"},
    "tidemark.stored": {
        "infra",
        "services.market",
        "services.rules",
        "tidemark.machine",
    },
    "tidemark.terraform": {"infra", "tidemark.machine"},
    "tidemark.terminal": {"services.market", "tidemark.machine", "tidemark.stored"},
    "tidemark.replay": {
        *SHARED,
        "tidemark.machine",
        "tidemark.stored",
        "tidemark.terminal",
    },
    "tidemark.environment": {
        "infra",
        "tidemark.local_cloud",
        "tidemark.machine",
        "tidemark.stored",
        "tidemark.terraform",
    },
    "tidemark.aws": {
        "infra",
        "tidemark.environment",
        "tidemark.machine",
        "tidemark.stored",
        "tidemark.terminal",
        "tidemark.terraform",
    },
}
MAY_IMPORT["tidemark.orphaned_resources"] = MAY_IMPORT["tidemark.environment"] | {
    "tidemark.aws",
    "tidemark.environment",
}
MAY_IMPORT["tidemark.local_apply"] = MAY_IMPORT["tidemark.orphaned_resources"] | {
    "tidemark.orphaned_resources"
}
MAY_IMPORT["tidemark.deployment"] = MAY_IMPORT["tidemark.local_apply"] | {
    "tidemark.local_apply"
}
MAY_IMPORT["tidemark.accounting"] = set()
MAY_IMPORT["tidemark.marks"] = {"infra", "services.market"}
MAY_IMPORT["tidemark.teardown"] = {"tidemark.local_cloud", "tidemark.machine"}
MAY_IMPORT["tidemark.dead_letters"] = {
    *SHARED,
    "services.channels",
    "tidemark.environment",
    "tidemark.machine",
    "tidemark.stored",
}
MAY_IMPORT["tidemark.chaos"] = {
    *MAY_IMPORT["tidemark.dead_letters"],
    "tidemark.dead_letters",
    "tidemark.repairing",
}
MAY_IMPORT["tidemark.repairing"] = {
    *MAY_IMPORT["tidemark.dead_letters"],
    "tidemark.dead_letters",
}
MAY_IMPORT["tidemark.channels"] = {
    "services.channels",
    "services.market",
    "tidemark.environment",
    "tidemark.machine",
    "tidemark.stored",
}
MAY_IMPORT["tidemark.tracing"] = {
    *MAY_IMPORT["tidemark.dead_letters"],
    "infra",
    "tidemark.dead_letters",
    "tidemark.terminal",
}
MAY_IMPORT["tidemark.drill"] = {
    *SHARED,
    "tidemark.channels",
    "tidemark.environment",
    "tidemark.machine",
    "tidemark.rules",
    "tidemark.stored",
}
MAY_IMPORT["tidemark.feeds"] = {
    "services.aws",
    *SHARED,
    "tidemark.machine",
    "tidemark.replay",
    "tidemark.stored",
    "tidemark.terminal",
}
MAY_IMPORT["tidemark.dashboard"] = {
    "infra",
    *SHARED,
    "tidemark.accounting",
    "tidemark.dead_letters",
    "tidemark.rules",
    "tidemark.tracing",
    "tidemark.environment",
    "tidemark.machine",
    "tidemark.stored",
}
MAY_IMPORT["tidemark.rules"] = {
    *SHARED,
    "infra",
    "tidemark.environment",
    "tidemark.machine",
    "tidemark.marks",
    "tidemark.replay",
    "tidemark.stored",
    "tidemark.terminal",
}
MAY_IMPORT["tidemark.commands"] = {
    *(name for name in MAY_IMPORT if name.startswith("tidemark.")),
    *SHARED,
    "infra",
    "services.channels",
}
# The command line.
MAY_IMPORT["tidemark"] = MAY_IMPORT.keys() - FUNCTIONS - {"tidemark_localstack"}
# The scripts in bin/ run these before any package is installed.
STANDARD_LIBRARY_ONLY = {
    "tidemark.machine",
    "tidemark.local_cloud",
    "tidemark.bootstrap",
    "tidemark.teardown",
}


def test_no_package_imports_what_it_may_not() -> None:
    wrong = {
        f"{module} imports {imported}"
        for module, path in modules("services", "infra", "tidemark", "emulator")
        for imported in imports(path)
        if package(imported) not in MAY_IMPORT[package(module)] | {package(module), ""}
    }

    assert wrong == set()


def test_no_packages_may_import_each_other() -> None:
    TopologicalSorter(MAY_IMPORT).prepare()  # raises CycleError


@pytest.mark.parametrize("parent", ["services", "tidemark"])
def test_every_package_is_in_the_table(parent: str) -> None:
    folders = [path.parent for path in ROOT.glob(f"{parent}/*/__init__.py")]

    assert {f"{parent}.{folder.name}" for folder in folders} <= MAY_IMPORT.keys()


def test_what_runs_before_the_installation_needs_the_standard_library_only() -> None:
    wrong = {
        f"{module} imports {imported}"
        for module, path in modules("tidemark")
        if is_in(module, STANDARD_LIBRARY_ONLY)
        for imported in imports(path)
        if not is_in(imported, sys.stdlib_module_names | STANDARD_LIBRARY_ONLY)
    }

    assert wrong == set()


def test_the_scripts_run_no_other_module_with_the_machines_python() -> None:
    scripts = [path for path in (ROOT / "bin").rglob("*") if path.is_file()]
    text = "".join(path.read_text() for path in scripts)

    run = set(re.findall(r"python3 -m ([\w.]+)", text))

    assert run == {"tidemark.bootstrap", "tidemark.teardown"}
    assert run <= STANDARD_LIBRARY_ONLY


def test_only_the_tests_of_a_function_import_its_package() -> None:
    wrong = {
        f"{module} imports {imported}"
        for module, path in modules("tests")
        for imported in imports(path)
        if package(imported) in FUNCTIONS
        and package(imported).removeprefix("services.") not in path.parts
        and "pipeline" not in path.parts  # these tests drive all functions
    }

    assert wrong == set()


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[parts[0] == "emulator" :]), path


def imports(path: Path) -> Iterator[str]:
    for statement in ast.walk(ast.parse(path.read_bytes())):
        match statement:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module, names, level=0):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom():
                raise AssertionError(f"{path} has a relative import")


def package(module: str) -> str:
    """Return the key of the table for a module, or nothing for a library."""
    names = [name for name in MAY_IMPORT if is_in(module, {name})]
    return max(names, key=len, default="")


def is_in(module: str, packages: frozenset[str] | set[str]) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:n]) in packages for n in range(1, len(parts) + 1))
