from pathlib import Path

import pytest

from tidemark.feeds.transfer import file_replay
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain
from tidemark.replay import first_pass
from tidemark.replay.reading.settings import given


def written(folder: Path, *rows: str) -> list[str]:
    path = folder / "trades.csv"
    path.write_text("\n".join(["time,symbol,price", *rows]) + "\n")
    return [str(path)]


def test_ticks_are_counted_by_their_symbols(tmp_path: Path) -> None:
    names = written(
        tmp_path,
        "1704067201,BTC-USD,7",
        "1704067202,ETH-USD,7",
        "1704067200,BTC-USD,7",
    )

    found = first_pass.read(names, {}, Plain())

    assert (found.ticks, found.busiest, found.late, found.unread) == (
        3,
        "BTC-USD",
        1,
        0,
    )
    assert found.spans["BTC-USD"].first == 1_704_067_200_000
    assert found.spans["BTC-USD"].last == 1_704_067_201_000


def test_the_first_problems_are_named_and_the_others_counted(tmp_path: Path) -> None:
    names = written(tmp_path, "1704067200,BTC-USD,7", *["1704067200,BTC-USD,-"] * 7)

    found = first_pass.read(names, {}, Plain())

    *named, more = file_replay.problem_lines(found, "bin/tidemark")
    assert len(named) == 5
    assert named[0].startswith(f"Left out: {names[0]}, line 3: price")
    assert more == "… and 2 more lines: `bin/tidemark read` names them all."


def test_each_file_that_is_refused_is_a_line(tmp_path: Path) -> None:
    names = [*written(tmp_path, "1704067200,BTC-USD,7"), str(tmp_path / "absent.csv")]

    with pytest.raises(ToolError, match=r"^\S+absent.csv is not read: [^\n]+$"):
        first_pass.read(names, {}, Plain())


def test_settings_are_the_documented_variables_of_the_environment() -> None:
    environment = {"TIME": "t", "TIMEZONE": "x", "DECIMAL": "", "PATH": "/bin"}

    assert given(environment) == {"TIME": "t", "DECIMAL": ""}
