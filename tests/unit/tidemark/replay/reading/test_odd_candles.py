"""Candles whose close or whose interval has to be found by other means."""

import pytest

from tests.unit.tidemark.replay.reading.conftest import Reader

HOURS = "a,v,n,hi,lo,st\n1704067200,12.5,2.5,3,1,2\n1704070800,1.5,2.6,4,2,2.5\n"


def test_candles_of_unknown_names_are_filed_at_their_end(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", HOURS, TIME="a", PRICE="n", VOLUME="v")

    assert printed.ticks == [
        "2.5 2024-01-01T01:00:00Z 12.5 - -",
        "2.6 2024-01-01T02:00:00Z 1.5 - -",
    ]


def test_candles_without_names_are_filed_at_their_end(reader: Reader) -> None:
    rows = HOURS.partition("\n")[2]

    printed = reader("BTCUSD.csv", rows, TIME="1", PRICE="3", VOLUME="2")

    assert printed.ticks[0] == "2.5 2024-01-01T01:00:00Z 12.5 - -"


TRADES = {
    "times between minutes": "a,b,c,d,e\n1704067201,2,3,1,2\n",
    "the same prices in every column": "a,b,c,d,e\n1704067200,2,2,2,2\n",
    "prices of another size": "a,b,c,d,e\n1704067200,2,300,1,2\n",
    "an empty cell": "a,b,c,d,e\n1704067200,2,,1,2\n",
    "a price that does not fit": "a,b,c,d,e\n1704067200,2,3,1,2\n1704067260,9,3,1,2\n",
    "a price that is no number": "a,b,c,d,e\n1704067200,2,3,1,2\n1704067260,x,3,1,2\n",
}


@pytest.mark.parametrize("case", TRADES)
def test_other_columns_make_no_candle(reader: Reader, case: str) -> None:
    printed = reader("BTCUSD.csv", TRADES[case], TIME="a", PRICE="b")

    assert "trades by their header" in printed.err


def test_a_date_with_a_clock_may_be_a_candles(reader: Reader) -> None:
    text = "a,b,c,d,e,f\n2024-01-01,00:00,2,3,1,2\n2024-01-01,00:01,2,3,1,2.5\n"

    printed = reader("BTCUSD.csv", text, TIME="a", PRICE="f", ZONE="UTC")

    assert [tick.split()[:2] for tick in printed.ticks] == [
        ["2", "2024-01-01T00:01:00Z"],
        ["2.5", "2024-01-01T00:02:00Z"],
    ]


def test_names_of_columns_may_have_accents(reader: Reader) -> None:
    text = "Fecha;Último;Apertura;Máximo;Mínimo\n13.01.2024;42.850,1;1;43.000,0;1\n"

    printed = reader("BTC-EUR-1d.csv", text)

    assert printed.ticks == ["42850.1 2024-01-14T00:00:00Z - - -"]


def rows(step: int, count: int) -> str:
    times = range(1704067200, 1704067200 + step * count, step)
    return "".join(f"{time},1,3,1,2,5,7\n" for time in times)


def test_krakens_files_name_their_minutes(reader: Reader) -> None:
    sparse = "1704067200,1,3,1,2,5,7\n1704070800,1,3,1,2,5,7\n1704078000,1,3,1,2,5,7\n"

    printed = reader("XBTUSD_15.csv", sparse)

    assert printed.ticks[0] == "2 2024-01-01T00:15:00Z 5 - -"


def test_the_rows_choose_among_the_intervals_of_a_name(reader: Reader) -> None:
    text = "time,open,high,low,close,a,b\n" + rows(3600, 3)

    printed = reader("BTC-USD_30d_1h.csv", text)

    assert printed.ticks[0] == "2 2024-01-01T01:00:00Z - - -"


def test_regular_rows_contradict_a_shorter_interval_of_the_name(reader: Reader) -> None:
    text = "time,open,high,low,close,a,b\n" + rows(3600, 5)

    printed = reader("BTCUSDT-1m-rows.csv", text)

    assert printed.ticks == []
    assert "contradict the name of the file: add INTERVAL=1h" in printed.err


def test_the_hour_that_comes_twice_does_not_change_the_interval(
    reader: Reader,
) -> None:
    hours = ("01:00", "02:00", "02:00", "03:00")
    rows = "".join(f"2023-10-29 {hour},1,3,1,2\n" for hour in hours)

    printed = reader(
        "BTCEUR.csv", f"Date,Open,High,Low,Close\n{rows}", ZONE="Europe/Madrid"
    )

    assert [tick.split()[1] for tick in printed.ticks] == [
        "2023-10-29T00:00:00Z",
        "2023-10-29T03:00:00Z",
    ]


def test_a_perpetuals_file_of_tradingview_names_its_interval(reader: Reader) -> None:
    text = "time,open,high,low,close\n1704067200,1,3,1,2\n"

    printed = reader("BYBIT_BTCUSDT.P, 15.csv", text)

    assert printed.ticks == ["2 2024-01-01T00:15:00Z - - -"]


def test_yahoos_rows_of_names_and_tickers_may_change_places(reader: Reader) -> None:
    text = "Ticker,BTC-USD,BTC-USD\nPrice,Close,Volume\nDate,,\n2024-01-01,2,9\n"

    printed = reader("a.csv", text, INTERVAL="1d")

    assert printed.ticks == ["2 2024-01-02T00:00:00Z - - -"]
    assert printed.symbols == ["BTC-USD"]


def test_yahoos_volume_is_left_out_beside_dividends(reader: Reader) -> None:
    header = "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits"

    printed = reader("BTC-USD-1d.csv", f"{header}\n2024-01-01,1,3,1,2,900,0.0,0.0\n")

    assert printed.ticks == ["2 2024-01-02T00:00:00Z - - -"]
