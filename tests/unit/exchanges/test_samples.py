"""Files of venues, their registry, samples and documentation say the same."""

import importlib
import json
import re
from pathlib import Path

import jsonschema
import pytest

from services.exchanges.registry import VENUES
from services.exchanges.venue import Venue
from services.market.exact_json import loads
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.exchanges.samples import FOLDER, examples, read, samples

ROOT = Path(__file__).parents[3]
# The frame of the room; every other file is a venue's.
FRAME = {"__init__", "canonical", "delivery", "fields", "registry", "venue"}
FILES = {path.stem for path in ROOT.glob("services/exchanges/*.py")} - FRAME
MODULES = {
    file: importlib.import_module(f"services.exchanges.{file}") for file in FILES
}
SAMPLES = [(exchange, text) for exchange in VENUES for text in samples(exchange)]


def test_every_file_of_a_venue_is_in_the_registry() -> None:
    offered = [venue for module in MODULES.values() for venue in module.VENUES]

    assert {venue.exchange for venue in offered} == VENUES.keys()
    assert len(offered) == len(VENUES)


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_is_named_by_its_first_venue(file: str) -> None:
    first: Venue = MODULES[file].VENUES[0]

    assert first.exchange == file


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_shows_samples_that_are_tested(file: str) -> None:
    module = MODULES[file]
    shown = [loads(text) for text in examples(module)]
    tested = [
        loads(text) for venue in module.VENUES for text in samples(venue.exchange)
    ]

    assert shown
    assert [message for message in shown if message not in tested] == []


def test_every_venue_has_samples_and_every_sample_a_venue() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}

    assert folders - {"files"} == VENUES.keys()
    assert [exchange for exchange in VENUES if not samples(exchange)] == []


@pytest.mark.parametrize(("exchange", "text"), SAMPLES)
def test_a_sample_holds_ticks_of_its_venue_and_nothing_bad(
    exchange: str, text: str
) -> None:
    readings = read(exchange, text)

    ticks = [entry for entry in readings if isinstance(entry, Tick)]
    assert {tick.exchange for tick in ticks} == {exchange}
    assert [entry for entry in readings if isinstance(entry, Rejection)] == []


@pytest.mark.parametrize(("exchange", "text"), SAMPLES)
def test_samples_may_be_sent_as_a_list(exchange: str, text: str) -> None:
    assert read(exchange, f"[{text},{text}]") == read(exchange, text) * 2


@pytest.mark.parametrize(("exchange", "text"), SAMPLES)
def test_a_sample_passes_the_model_of_its_venue(exchange: str, text: str) -> None:
    arrays = {"type": "array"}
    model = {"anyOf": [arrays, *VENUES[exchange].model["anyOf"]]}

    jsonschema.Draft4Validator(model).validate(json.loads(text))


def test_the_documentation_lists_every_venue() -> None:
    table = (ROOT / "docs/venues.md").read_text()

    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == sorted(VENUES)
