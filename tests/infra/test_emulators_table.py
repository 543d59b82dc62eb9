"""docs/emulators.md has a verdict and a test for each setting of the stack."""

import re
from pathlib import Path

import pytest

from tests.infra.emulators_table import TEST, TEXT, leads_to, rows, settings
from tests.infra.synthesised import Stack

ROOT = Path(__file__).parents[2]
ROWS = tuple(rows())
WORDS = {"obeyed", "kept", "forgotten", "refused"}
BY_HAND = "by hand"


def test_each_setting_of_the_stack_has_a_row(aws: Stack) -> None:
    missing = {
        f"{resource}: {'.'.join(where)}"
        for resource, where in settings(aws)
        if not any(row.covers(resource, where) for row in ROWS)
    }

    assert missing == set()


def test_each_setting_in_the_table_is_in_the_stack(aws: Stack) -> None:
    found = settings(aws)

    gone = {
        f"{row.resource}: {setting}"
        for row in ROWS
        for setting in row.settings
        if not any(
            resource == row.resource and leads_to(setting, where)
            for resource, where in found
        )
    }

    assert gone == set()


def test_each_verdict_starts_with_one_of_four_words() -> None:
    assert {word for row in ROWS for word in row.words} <= WORDS


def test_each_test_named_in_the_page_exists() -> None:
    named = set(TEST.findall(TEXT))

    assert named - _tests("") == set()


def test_a_setting_that_no_emulator_obeys_has_a_test_on_the_json() -> None:
    unseen = [row for row in ROWS if "obeyed" not in row.words]

    assert [row for row in unseen if not row.tests & _tests("infra")] == []


def test_a_setting_that_the_local_cloud_obeys_has_a_test_that_runs_it() -> None:
    run_it = _tests("e2e") | _tests("unit/emulator") | _tests("integration/emulator")
    claimed = [row for row in ROWS if row.words[0] == "obeyed"]

    unshown = [row for row in claimed if not row.tests & run_it]

    assert [row for row in unshown if BY_HAND not in row.local] == []


@pytest.mark.parametrize(
    ("emulator", "lock", "distribution"),
    [("LocalStack", "localstack", "localstack-core"), ("moto", "dev", "moto")],
)
def test_the_page_names_the_locked_releases(
    emulator: str, lock: str, distribution: str
) -> None:
    pins = (ROOT / "requirements" / f"{lock}.txt").read_text()
    (version,) = re.findall(rf"^{distribution}(?:\[.*\])?==(\S+)", pins, re.MULTILINE)

    assert f"{emulator} {version} " in TEXT.replace("\n", " ")


def _tests(folder: str) -> set[str]:
    modules = (ROOT / "tests" / folder).rglob("test_*.py")
    text = "\n".join(module.read_text() for module in modules)
    return set(re.findall(r"^def (test_\w+)", text, re.MULTILINE))
