from pathlib import Path

import pytest

from infra import openapi
from infra.settings import Settings, load_settings
from tidemark.machine import subprocesses
from tidemark.machine.progress import Plain
from tidemark.terraform import synthesis


@pytest.fixture
def settings() -> Settings:
    return load_settings(env_file=None)


@pytest.fixture
def app(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app in place of the real one; it counts how often it is run."""
    source = checkout / "infra" / "main.py"
    source.parent.mkdir()
    source.write_text(
        "import os, pathlib\n"
        "out = pathlib.Path(os.environ['CDKTF_OUTDIR'], 'stacks', 'tidemark')\n"
        "out.mkdir(parents=True)\n"
        "out.joinpath('cdk.tf.json').write_text(os.environ['PRICE_HIGH'])\n"
        "open('runs', 'a').write('x')\n"
    )
    monkeypatch.setattr(synthesis, "CACHE", checkout / "synth")
    monkeypatch.setattr(synthesis, "INPUTS", [checkout / "infra"])
    return checkout


def synthesise(settings: Settings) -> str:
    with synthesis.started(settings) as running:
        return (running.stack(Plain()) / "cdk.tf.json").read_text()


def test_the_same_input_is_synthesised_once(app: Path, settings: Settings) -> None:
    first, second = synthesise(settings), synthesise(settings)

    assert first == second == "150"
    assert app.joinpath("runs").read_text() == "x"


def test_other_settings_and_other_sources_are_other_stacks(
    app: Path, settings: Settings
) -> None:
    synthesise(settings)

    assert synthesise(load_settings(env_file=None, price_high="200")) == "200"
    app.joinpath("infra", "more.py").touch()
    synthesise(settings)

    assert app.joinpath("runs").read_text() == "xxx"


def test_another_list_of_venues_is_another_stack(
    app: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = synthesis.key(settings)

    monkeypatch.setattr(openapi, "VENUES", {})

    assert synthesis.key(settings) != before


def test_a_synth_that_failed_leaves_nothing_behind(
    app: Path, settings: Settings
) -> None:
    app.joinpath("infra", "main.py").write_text("raise SystemExit('no such thing')")

    with pytest.raises(subprocesses.CommandFailed, match="no such thing"):
        synthesise(settings)

    assert [*app.joinpath("synth").iterdir()] == []


def test_only_the_newest_stacks_are_kept(
    app: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis, "KEPT", 1)

    synthesise(settings)
    synthesise(load_settings(env_file=None, price_high="200"))

    assert len([*app.joinpath("synth").iterdir()]) == 1


def test_the_settings_are_spelt_out_for_the_app(settings: Settings) -> None:
    variables = synthesis.variables(settings, Path("out"))

    assert load_settings(env_file=None, **lower(variables)) == settings
    assert variables["CDKTF_OUTDIR"] == "out"


def lower(variables: dict[str, str]) -> dict[str, str]:
    fields = (name for name in Settings.model_fields if variables[name.upper()])
    return {name: variables[name.upper()] for name in fields}
