from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.rules.builders import level
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain
from tidemark.rules import sources, trial
from tidemark.rules.ticks import Ticks

NEWEST_FIRST = "time,price\n1704067203,90\n1704067202,x\n1704067201,200\n"


@pytest.fixture
def trades(tmp_path: Path) -> str:
    file = tmp_path / "BTCUSD.csv"
    file.write_text(NEWEST_FIRST)
    return str(file)


def test_a_file_that_begins_with_its_newest_trade_is_judged_in_order(
    trades: str,
) -> None:
    with closing(Ticks()) as ticks:
        found = sources.add_files(ticks, [trades], {}, Plain())
        tried = trial.run(level(), ticks, "BTC-USD")

    assert found.unread == 1
    assert (tried.ticks, tried.fired) == (2, 1)
    assert [point.price for point in tried.sketch.points()] == [200, 90]


def test_a_file_that_cannot_be_read_is_refused(trades: str) -> None:
    with closing(Ticks()) as ticks, pytest.raises(ToolError, match="nowhere"):
        sources.add_files(ticks, [trades], {"TIME": "nowhere"}, Plain())
