import pytest

from tidemark.replay import csv_trades
from tidemark.replay.csv_trades import UnknownColumns


def only(text: str) -> dict[str, str]:
    [(_, fields)] = csv_trades.read(text.splitlines())
    return fields


def test_tardis() -> None:
    fields = only(
        "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
        "binance-futures,BTCUSDT,1582329602111000,1582329602418379,4,buy,9682,0.132"
    )

    assert fields == {
        "exchange": "binance-futures",
        "symbol": "BTCUSDT",
        "timestamp": "1582329602111000",
        "trade_id": "4",
        "side": "buy",
        "price": "9682",
        "volume": "0.132",
    }


def test_coinbase() -> None:
    fields = only(
        "trade_id,side,size,price,product_id,created_at\n"
        "7,SELL,0.5,64250.10,BTC-USD,2024-03-01T12:00:00.123Z"
    )

    assert fields == {
        "trade_id": "7",
        "side": "sell",
        "volume": "0.5",
        "price": "64250.10",
        "symbol": "BTC-USD",
        "timestamp": "2024-03-01T12:00:00.123Z",
    }


def test_binance_trades_without_a_header() -> None:
    fields = only("28457,17.5,0.2,3.5,1499999999999,True,True")

    assert fields == {
        "trade_id": "28457",
        "price": "17.5",
        "volume": "0.2",
        "timestamp": "1499999999999",
        "side": "sell",
    }


def test_binance_aggregated_trades_without_a_header() -> None:
    fields = only("5,17.5,0.2,100,103,1499999999999,False,True")

    assert fields["timestamp"] == "1499999999999"
    assert fields["side"] == "buy"


def test_binance_futures_with_its_camel_case_header() -> None:
    fields = only(
        "aggTradeId,price,qty,firstTradeId,lastTradeId,transactTime,isBuyerMaker\n"
        "5,17.5,0.2,100,103,1499999999999,true"
    )

    assert fields == {
        "trade_id": "5",
        "price": "17.5",
        "volume": "0.2",
        "timestamp": "1499999999999",
        "side": "sell",
    }


def test_kraken_without_a_header() -> None:
    fields = only("1381095255.5,122.0,0.1")

    assert fields == {"timestamp": "1381095255.5", "price": "122.0", "volume": "0.1"}


def test_a_candle_is_its_close() -> None:
    fields = only(
        "Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency)\n"
        "1325317920,4.39,4.40,4.38,4.39,0.45558087,2.0"
    )

    assert fields == {
        "timestamp": "1325317920",
        "price": "4.39",
        "volume": "0.45558087",
    }


def test_an_address_above_the_header_is_skipped() -> None:
    rows = csv_trades.read(
        ["https://www.example.com", "unix,date,symbol,close", "1,x,BTC/USD,5"]
    )

    assert list(rows) == [(3, {"timestamp": "1", "symbol": "BTC/USD", "price": "5"})]


def test_a_date_and_a_clock_in_two_columns_are_one_time() -> None:
    fields = only("date;time;price\n2020/01/31;12:30:00;5")

    assert fields["timestamp"] == "2020-01-31 12:30:00"


def test_a_time_zone_in_words_is_understood() -> None:
    assert only("date,price\n2020-01-31 12:30 UTC,5")["timestamp"] == "2020-01-31 12:30"


def test_a_side_that_is_none_is_left_out() -> None:
    assert only("price,side,time\n5,unknown,1")["price"] == "5"
    assert "side" not in only("price,side,time\n5,unknown,1")


def test_a_short_row_leaves_its_last_fields_out() -> None:
    assert only("price,time,side\n5") == {"price": "5"}


def test_line_numbers_count_empty_lines_too() -> None:
    rows = csv_trades.read(["price,time", "", "5,1", "", "6,2"])

    assert [number for number, _ in rows] == [3, 5]


def test_columns_without_a_price_are_named() -> None:
    with pytest.raises(UnknownColumns, match="colour,size"):
        list(csv_trades.read(["colour,size", "red,5"]))
