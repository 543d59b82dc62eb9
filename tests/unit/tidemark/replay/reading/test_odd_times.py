"""Times whose zone or whose column is not where a program looks for it."""

import pytest

from tests.unit.tidemark.replay.reading.conftest import Reader


@pytest.mark.parametrize(
    ("heading", "clock"),
    [
        ("Time UTC+1", "13:00:00"),
        ("Time (UTC±00:00)", "12:00:00"),
        ("UTC Time", "12:00:00"),
        ("datetimeUTC", "12:00:00"),
        ("Date [Europe/Madrid]", "13:00:00"),
    ],
)
def test_the_zone_of_a_heading_is_applied(
    reader: Reader, heading: str, clock: str
) -> None:
    printed = reader("BTCUSD.csv", f"{heading},price\n2024-01-01 {clock},7\n")

    assert printed.ticks == ["7 2024-01-01T12:00:00Z - - -"], printed.err


@pytest.mark.parametrize(
    "heading",
    ["time_est", "Time (New York)", "Local Time", "time_local", "Date (CET/CEST)"],
)
def test_a_heading_with_an_unclear_zone_asks_for_it(
    reader: Reader, heading: str
) -> None:
    text = f"{heading},price\n2024-07-01 12:00:00,7\n"

    refused = reader("BTCUSD.csv", text)
    printed = reader("BTCUSD.csv", text, ZONE="America/New_York")

    assert (refused.ticks, "add ZONE=" in refused.err) == ([], True)
    assert printed.ticks == ["7 2024-07-01T16:00:00Z - - -"]


def test_the_time_of_the_exchange_is_no_zone(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", "time_exchange,price\n2024-01-01T00:00:00.1,7\n")

    assert printed.ticks == ["7 2024-01-01T00:00:00.100Z - - -"]


UNCLEAR = {
    "a chosen column with the zone in its name": (
        "moment_est,price\n2024-07-01 12:00:00,7\n",
        {"TIME": "moment_est"},
    ),
    "a column of zones": ("time,tz,price\n2024-07-01 12:00:00,EST,7\n", {}),
    "a clock without a zone among others": (
        "time,price\n2024-07-01T12:00:00+02:00,7\n2024-07-01T12:00:01,8\n",
        {},
    ),
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_a_zone_that_is_said_elsewhere_is_asked_for(reader: Reader, case: str) -> None:
    text, settings = UNCLEAR[case]

    printed = reader("BTCUSD.csv", text, **settings)

    assert (printed.ticks, "add ZONE=" in printed.err) == ([], True)


@pytest.mark.parametrize(
    "heading",
    ["Time (ms)", "timestamp (UTC) [ms]", "Time (unix)", "Date (DD/MM/YYYY)"],
)
def test_a_unit_in_a_heading_is_no_zone(reader: Reader, heading: str) -> None:
    printed = reader("BTCUSD.csv", f"{heading},price\n1704067200123,7\n")

    assert printed.ticks == ["7 2024-01-01T00:00:00.123Z - - -"]


@pytest.mark.parametrize(
    ("header", "settings"),
    [("date,tod,price", {}), ("when,clock_of_day,price", {"TIME": "when"})],
)
def test_clocks_beside_dates_are_part_of_the_time(
    reader: Reader, header: str, settings: dict[str, str]
) -> None:
    text = f"{header}\n2024-01-01,00:05:00,7\n"

    printed = reader("BTCUSD.csv", text, ZONE="UTC", **settings)

    assert printed.ticks == ["7 2024-01-01T00:05:00Z - - -"]


def test_several_columns_of_clocks_are_refused(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", "date,from,to,price\n2024-01-01,00:05,00:06,7\n")

    assert printed.ticks == []
    assert "its dates have several clocks, in columns 2, 3" in printed.err


def test_letters_in_two_cases_are_those_of_binance(reader: Reader) -> None:
    trade = "M,s,t,p,q,T,m\ntrue,BTCUSDT,1300000001,7,1,1704067200000,false\n"
    candle = "t,o,h,l,c,T\n1704067200000,1,3,1,2,1704067260000\n"

    assert reader("a.csv", trade).ticks == ["7 2024-01-01T00:00:00Z 1 buy 1300000001"]
    assert reader("BTCUSD.csv", candle).ticks == ["2 2024-01-01T00:01:00Z - - -"]


@pytest.mark.parametrize(
    "written",
    [
        '"Jan. 28, 2022, noon"',
        "28/Jan/2022:12:00:00 +0000",
        "Fri Jan 28 12:00:00 UTC 2022",
        "2022-01-28 12:00:00 +0000 UTC",
        "20220128T120000.0Z",
    ],
)
def test_times_of_other_programs_are_read(reader: Reader, written: str) -> None:
    printed = reader("BTCUSD.csv", f"time,price\n{written},7\n", ZONE="UTC")

    assert printed.ticks == ["7 2022-01-28T12:00:00Z - - -"], printed.err
