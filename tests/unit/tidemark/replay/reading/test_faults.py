"""Files that importers guess at: read right, or refused with the setting to add."""

import pytest

from tests.unit.tidemark.replay.reading.conftest import Reader
from tidemark.replay.reading import json_documents

READ: dict[str, tuple[str, str, dict[str, str], list[str]]] = {
    "candles without a header are their closes, filed when they close": (
        "BTCUSD.csv",
        "1704067200,1,3,1,2,10\n1704070800,2,4,2,3,11\n",
        {},
        ["2 2024-01-01T01:00:00Z 10 - -", "3 2024-01-01T02:00:00Z 11 - -"],
    ),
    "candles in the order of Bitfinex are told by their prices": (
        "BTCUSD.csv",
        "1704067200,1,2,3,1,10\n1704070800,2,2.5,3,1,10\n",
        {},
        ["2 2024-01-01T01:00:00Z 10 - -", "2.5 2024-01-01T02:00:00Z 10 - -"],
    ),
    "monthly candles close with their month": (
        "BTCUSD.csv",
        "Date,Open,High,Low,Close\n2024-01-01,1,3,1,2\n2024-02-01,1,3,1,2\n",
        {},
        ["2 2024-02-01T00:00:00Z - - -", "2 2024-03-01T00:00:00Z - - -"],
    ),
    "an interval may be in the name of the file": (
        "BTCUSD-4h.csv",
        "Date,Open,High,Low,Close\n2024-01-01T00:00:00Z,1,3,1,2\n",
        {},
        ["2 2024-01-01T04:00:00Z - - -"],
    ),
    "a candle is filed at the time that its column of closes says": (
        "BTCUSD.csv",
        "open_time,close_time,open,high,low,close\n1704067200,1704067260,1,3,1,2\n",
        {},
        ["2 2024-01-01T00:01:00Z - - -"],
    ),
    "an offset in the header is applied": (
        "BTCUSD.csv",
        "Date(UTC+1),price\n2024-01-01 12:00:00,7\n",
        {},
        ["7 2024-01-01T11:00:00Z - - -"],
    ),
    "a column that the user names is the time": (
        "BTCUSD.csv",
        "when_it_was,price\n1704067200,7\n",
        {"TIME": "when_it_was"},
        ["7 2024-01-01T00:00:00Z - - -"],
    ),
    "known names of times are read": (
        "BTCUSD.csv",
        "match_time,price\n2024-01-01T00:00:00.5Z,7\n",
        {},
        ["7 2024-01-01T00:00:00.500Z - - -"],
    ),
    "a unit that is the pair's base is stripped, and base comes before quote": (
        "1INCHUSDT.csv",
        "time,price,Executed,Amount\n1704067200,0.5,0.51INCH,0.25USDT\n",
        {},
        ["0.5 2024-01-01T00:00:00Z 0.5 - -"],
    ),
    "price times volume tells the base from the quote amount": (
        "BTCUSDT.csv",
        "time,price,volume,amount\n1704067200,42000,21000,0.5\n",
        {},
        ["42000 2024-01-01T00:00:00Z 0.5 - -"],
    ),
    "columns of ids are known": (
        "BTCUSDT.csv",
        "time,price,tradeNo\n1704067200,1,7\n1704067200,1,8\n",
        {},
        ["1 2024-01-01T00:00:00Z - - 7", "1 2024-01-01T00:00:00Z - - 8"],
    ),
    "an id with a zero fraction is a whole number": (
        "BTCUSDT.csv",
        "time,price,execId\n1704067200,1,812345.0\n",
        {},
        ["1 2024-01-01T00:00:00Z - - 812345"],
    ),
    "a sign is a side where no column is": (
        "BTCUSDT.csv",
        "time,price,amount\n1704067200,1,-0.5\n1704067201,1,0.5\n",
        {},
        ["1 2024-01-01T00:00:00Z 0.5 sell -", "1 2024-01-01T00:00:01Z 0.5 buy -"],
    ),
    "a decimal comma is proven by the whole column": (
        "BTCEUR.csv",
        "time;price;size\n1704067200;3.489,00;51,300\n1704067201;€3.490;0,5\n",
        {},
        [
            "3489.00 2024-01-01T00:00:00Z 51.300 - -",
            "3490 2024-01-01T00:00:01Z 0.5 - -",
        ],
    ),
    "a decimal point is proven by one cell with both marks": (
        "BTCUSD.csv",
        'time,price,size\n1704067200,"$71,234.56",7.92E-06\n1704067201,"71,300",1\n',
        {},
        [
            "71234.56 2024-01-01T00:00:00Z 0.00000792 - -",
            "71300 2024-01-01T00:00:01Z 1 - -",
        ],
    ),
    "the decimal mark may be said": (
        "BTCUSD.csv",
        'time,price\n1704067200,"51,300"\n',
        {"DECIMAL": "."},
        ["51300 2024-01-01T00:00:00Z - - -"],
    ),
    "an order of dates is proven by the whole column": (
        "BTCUSD.csv",
        "date,price\n09/04/2020,7\n13/04/2020,8\n",
        {},
        ["7 2020-04-09T00:00:00Z - - -", "8 2020-04-13T00:00:00Z - - -"],
    ),
    "an order of dates may be said": (
        "BTCUSD.csv",
        "date,price\n24-07-25 10:00:00,7\n",
        {"DATES": "ymd"},
        ["7 2024-07-25T10:00:00Z - - -"],
    ),
    "a zone may be said": (
        "BTCUSD.csv",
        'date,price\n"Jan. 28, 2022, 12:31 AM",7\n',
        {"ZONE": "Europe/Madrid"},
        ["7 2022-01-27T23:31:00Z - - -"],
    ),
    "units of time may change within a column": (
        "BTCUSD.csv",
        "time,price\n1704067200,1\n1704067200123,2\n1704067200123456,3\n"
        "1704067200123456789,4\n",
        {},
        [
            "1 2024-01-01T00:00:00Z - - -",
            "2 2024-01-01T00:00:00.123Z - - -",
            "3 2024-01-01T00:00:00.123456Z - - -",
            "4 2024-01-01T00:00:00.123456789Z - - -",
        ],
    ),
    "columns without names may be named by position": (
        "BTCUSD.csv",
        "x,42000.1,2024-01-01T00:00:00Z\n",
        {"TIME": "3", "PRICE": "2"},
        ["42000.1 2024-01-01T00:00:00Z - - -"],
    ),
    "a date and a clock in two columns are one time": (
        "BTCUSD.csv",
        "date,time,price\n2024/01/01,12:00:01,7\n",
        {},
        ["7 2024-01-01T12:00:01Z - - -"],
    ),
    "a close without its candle is filed when it is known": (
        "BTCUSD.csv",
        "Date,Close\n2024-01-01,7\n2024-01-02,8\n",
        {},
        ["7 2024-01-02T00:00:00Z - - -", "8 2024-01-03T00:00:00Z - - -"],
    ),
    "days of a zone with summer time have their own length": (
        "BTCEUR.csv",
        "Date,Close\n2024-03-30,7\n2024-03-31,8\n",
        {"ZONE": "Europe/Madrid"},
        ["7 2024-03-30T23:00:00Z - - -", "8 2024-03-31T22:00:00Z - - -"],
    ),
    "the zone may be in the heading of the clock": (
        "BTCUSD.csv",
        "Date,Time (UTC+2),Price\n01/13/2024,12:00:01 PM,7\n",
        {},
        ["7 2024-01-13T10:00:01Z - - -"],
    ),
    "each candle may have an interval of its own": (
        "BTCUSD.csv",
        "interval,time,close\n1m,1704067200,7\n1h,1704067200,8\n",
        {},
        ["7 2024-01-01T00:01:00Z - - -", "8 2024-01-01T01:00:00Z - - -"],
    ),
    "beside a market capitalisation the volume is no base amount": (
        "btc-usd.csv",
        "snapped_at,price,market_cap,volume\n2024-01-01 00:00:00 UTC,7,8,9\n",
        {},
        ["7 2024-01-01T00:00:00Z - - -"],
    ),
    "thousands may be written as K": (
        "BTC_USD.csv",
        '"Date","Price","Open","High","Low","Vol."\n'
        '"Jan 02, 2024","44,943.7","44,183.4","45,885.4","44,166.1","85.93K"\n'
        '"Jan 01, 2024","44,183.4","42,272.5","44,187.0","42,196.7","27.59K"\n',
        {},
        [
            "44943.7 2024-01-03T00:00:00Z 85930 - -",
            "44183.4 2024-01-02T00:00:00Z 27590 - -",
        ],
    ),
    "one of several prices may be chosen": (
        "BTCUSD.csv",
        "time,bid,ask,price,avg price\n1704067200,1,2,3,4\n",
        {"PRICE": "avg price"},
        ["4 2024-01-01T00:00:00Z - - -"],
    ),
    "a column by any name may be the price": (
        "BTCUSD.csv",
        "time,bid,ask,size\n1704067200,1,2,3\n",
        {"PRICE": "ask"},
        ["2 2024-01-01T00:00:00Z 3 - -"],
    ),
    "one of several amounts may be chosen": (
        "BTCUSD.csv",
        "time,price,volume,amount\n1704067200,5,2,3\n",
        {"VOLUME": "amount"},
        ["5 2024-01-01T00:00:00Z 3 - -"],
    ),
    "columns of JSON are a table, too": (
        "BTC-USD.json",
        '{"result": {"ticks": [1704067200000, 1704067260000], "open": [1, 1],'
        ' "high": [3, 3], "low": [1, 1], "close": [2, 2.50]}}',
        {},
        ["2 2024-01-01T00:01:00Z - - -", "2.50 2024-01-01T00:02:00Z - - -"],
    ),
    "objects of JSON go by their names": (
        "trades.jsonl",
        '{"timestamp": 1704067200012, "symbol": "BTC/USDT", "id": "42", "side": "buy",'
        ' "price": 42000.10, "amount": 0.5, "cost": 21000.05, "fees": [{"cost": 1}]}\n',
        {},
        ["42000.10 2024-01-01T00:00:00.012Z 0.5 buy 42"],
    ),
}


@pytest.mark.parametrize("case", READ)
def test_it_is_read_to_the_last_digit(reader: Reader, case: str) -> None:
    name, text, settings, ticks = READ[case]

    printed = reader(name, text, **settings)

    assert (printed.ticks, printed.status) == (ticks, 0), printed.err


REFUSED = {
    "51,300 alone": ("BTCUSD.csv", 'time,price\n1704067200,"51,300"\n', "DECIMAL=."),
    "51.300 between semicolons": (
        "BTCUSD.csv",
        "time;price\n1704067200;51.300\n",
        "DECIMAL=,",
    ),
    "both marks as the decimal one": (
        "BTCUSD.csv",
        'time,price\n1704067200,"1,5"\n1704067200,1.5\n',
        "DECIMAL=.",
    ),
    "an order that is not proven": (
        "BTCUSD.csv",
        "date,price\n09/04/2020,7\n",
        "DATES=dmy or DATES=mdy",
    ),
    "an order that is not proven, of clocks without a zone": (
        "BTCUSD.csv",
        "date,price\n09/04/2020 10:00,7\n",
        "read as UTC unless you add their zone, such as ZONE=Europe/Madrid.",
    ),
    "orders that contradict each other": (
        "BTCUSD.csv",
        "date,price\n13/01/2020,7\n01/13/2020,7\n",
        "DATES=",
    ),
    "two digits of the year": (
        "BTCUSD.csv",
        "date,price\n24-07-25,7\n",
        "DATES=dmy or DATES=ymd",
    ),
    "a clock of people": (
        "BTCUSD.csv",
        'date,price\n"Jan. 28, 2022, 12:31 AM",7\n',
        "ZONE=Europe/Madrid",
    ),
    "a header's zone that the values contradict": (
        "BTCUSD.csv",
        "Date(UTC+1),price\n2024-01-01T12:00:00Z,7\n",
        "ZONE=UTC",
    ),
    "a zone that is no certain one": (
        "BTCUSD.csv",
        "time,price\n2024-01-01 12:00:00 EST,7\n",
        "ZONE=UTC",
    ),
    "a header's zone that is no certain one": (
        "BTCUSD.csv",
        "time (CET),price\n2024-01-01 12:00:00,7\n",
        "ZONE=UTC",
    ),
    "a time by an unknown name": (
        "BTCUSD.csv",
        "moment,price\n1704067200,7\n",
        "(moment, price) has a known name of a time: add TIME=moment",
    ),
    "a column with a name like a time": (
        "BTCUSD.csv",
        "order day,price\nlast monday,7\n",
        "add TIME=order_day",
    ),
    "candles without a time": (
        "BTCUSD.csv",
        "open,high,low,close\n1,3,1,2\n",
        "add TIME=",
    ),
    "a lonely candle": (
        "BTCUSD.csv",
        "time,open,high,low,close\n1704067200,1,3,1,2\n",
        "add INTERVAL=1h",
    ),
    "steps of candles that are no interval": (
        "BTCUSD.csv",
        "time,open,high,low,close\n1704067200,1,3,1,2\n1704067620,1,3,1,2\n",
        "add INTERVAL=1h",
    ),
    "flat candles in an order that nothing proves": (
        "BTCUSD.csv",
        "1704067200,2,3,1,2.5,9\n",
        "add INTERVAL=",
    ),
    "two amounts": (
        "BTCUSD.csv",
        "time,price,volume,amount\n1704067200,5,2,3\n",
        "add VOLUME=",
    ),
    "two prices": (
        "BTCUSD.csv",
        "time,price,avg price\n1704067200,5,6\n",
        "(price, avg_price): add PRICE=",
    ),
    "no price": ("BTCUSD.csv", "time,colour\n1704067200,red\n", "add PRICE="),
    "no names": ("BTCUSD.csv", "7,8\n8,9\n", "TIME=1 PRICE=2"),
    "a date as the name of the file": (
        "20240101.csv",
        "time,price\n1704067200,7\n",
        "add SYMBOL=BTC-USD",
    ),
    "a word as the name of the file": (
        "TRADES.csv",
        "time,price\n1704067200,7\n",
        "add SYMBOL=BTC-USD",
    ),
    "two pairs in the name of the file": (
        "BTCUSDT-ETHUSDT.csv",
        "time,price\n1704067200,7\n",
        "add SYMBOL=BTC-USD",
    ),
    "several tickers side by side": (
        "a.csv",
        "Price,Close,Close\nTicker,BTC-USD,ETH-USD\nDate,,\n2024-01-01,1,2\n",
        "several symbols side by side (BTC-USD, ETH-USD)",
    ),
    "an HTML page": ("BTCUSD.csv", "<!DOCTYPE html><html></html>", "is an HTML page"),
    "a pointer": (
        "BTCUSD.csv",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "is a Git LFS pointer",
    ),
    "an empty file": ("BTCUSD.csv", " \n", "is empty"),
    "a header alone": ("BTCUSD.csv", "time,price\n", "no row below its header"),
    "broken JSON": (
        "a.json",
        '{"a": [1,\n}',
        "line 2: the JSON document is broken here",
    ),
    "JSON without a tick": ("a.json", '{"a": 5}', "add PRICE="),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_with_what_to_add(reader: Reader, case: str) -> None:
    name, text, expected = REFUSED[case]

    printed = reader(name, text)

    assert (printed.ticks, printed.status) == ([], 1)
    assert expected in printed.err


NO_SENSE = {
    "TIME": ("nowhere", "TIME=nowhere is not a column; the columns are time, price"),
    "ZONE": ("Nowhere/Land", "ZONE=Nowhere/Land is not a time zone"),
    "DATES": ("ydm", "DATES=ydm is not valid: use dmy or mdy or ymd"),
    "DECIMAL": (";", "DECIMAL=; is not valid"),
    "INTERVAL": ("soon", "INTERVAL=soon is not valid"),
    "SYMBOL": ("a b", "SYMBOL=a b is not valid"),
    "EXCHANGE": ("a b", "EXCHANGE=a b is not valid"),
    "COLOUR": ("red", "COLOUR= is not a setting"),
}


@pytest.mark.parametrize("name", NO_SENSE)
def test_a_setting_that_makes_no_sense_is_an_error(reader: Reader, name: str) -> None:
    given, expected = NO_SENSE[name]

    printed = reader("BTCUSD.csv", "time,price\n1704067200,7\n", **{name: given})

    assert (printed.ticks, printed.status) == ([], 1)
    assert expected in printed.err


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"ZONE": "Europe/Madrid"}, "every time names its own zone"),
        ({"DATES": "dmy"}, "every date has only one order"),
    ],
)
def test_a_setting_that_changes_nothing_is_an_error(
    reader: Reader, settings: dict[str, str], expected: str
) -> None:
    printed = reader("BTCUSD.csv", "time,price\n1704067200,7\n", **settings)

    assert (printed.ticks, printed.status) == ([], 1)
    assert expected in printed.err


BAD_ROWS = {
    "the hour that comes twice": ("2023-10-29 02:30:00,1,1,,1", "comes twice"),
    "the hour that there is not": ("2023-03-26 02:30:00,1,1,,1", "does not exist"),
    "a time that was a float": ("1.69836E+12,1,1,,1", "its digits are lost"),
    "a day number": ("45292.5,1,1,,1", "a spreadsheet's day number"),
    "the future": ("4102444800,1,1,,1", "more than 5 minutes after"),
    "a time before bitcoin": ("1130841000,1,1,,1", "is before 2009"),
    "no time": (",1,1,,1", "timestamp: is empty"),
    "an id that was a float": ("1704067200,1,1,,1.7506E+09", "was stored as a float"),
    "an id that a float cannot hold": (
        "1704067200,1,1,,17506000000000000.0",
        "it is not exact",
    ),
    "a buy of a negative amount": ("1704067200,1,-1,buy,1", "the amount is negative"),
    "a side that is none": ("1704067200,1,1,what,1", "neither buy nor sell"),
    "a unit that is not the base": ("1704067200,1,1ETH,,1", "is not in BTC"),
    "a price that is none": ("1704067200,1/2,1,,1", "is not a number"),
    "no price": ("1704067200,,1,,1", "is not a price"),
    "a negative price": ("1704067200,-1,1,,1", "is not a price"),
    "too few columns": ("1704067200,1,1,", "has 4 columns instead of 5"),
    "too many columns": ("1704067200,1,1,,1,5", "has 6 columns instead of 5"),
    "an open quotation mark": ('1704067200,"1,1,,1', "quotation marks do not match"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_and_its_neighbours_are_read(
    reader: Reader, case: str
) -> None:
    row, expected = BAD_ROWS[case]
    good = "2024-01-01 01:00:00,7,1,sell,9"
    text = f"time,price,size,side,id\n{good}\n{row}\n"

    printed = reader("BTCUSD.csv", text, ZONE="Europe/Madrid")

    assert printed.ticks == ["7 2024-01-01T00:00:00Z 1 sell 9"]
    assert "BTCUSD.csv, line 3: " in printed.err
    assert expected in printed.err
    assert printed.status == 1


LEFT_OUT = {
    "a repeated header": ("time,price,type", "a repeated header"),
    "a deposit": ("1704067200,1,deposit", "deposit is not a trade"),
    "a comment": ("# the end", "a comment"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_harmless_row_is_left_out_and_counted(reader: Reader, case: str) -> None:
    row, reason = LEFT_OUT[case]
    text = f"time,price,type\n1704067200,7,buy\n{row}\n"

    printed = reader("BTCUSD.csv", text)

    assert len(printed.ticks) == 1
    assert f"left out: 1 time: {reason}" in printed.err
    assert printed.status == 0


def test_a_quote_amount_that_does_not_fit_is_a_reason(reader: Reader) -> None:
    text = "time,price,qty,quote_qty\n1704067200,5,2,10\n1704067200,5,2,11\n"

    printed = reader("BTCUSD.csv", text)

    assert printed.ticks == ["5 2024-01-01T00:00:00Z 2 - -"]
    assert (
        "line 3: volume: 2 at a price of 5 is not the quote amount of 11" in printed.err
    )


def test_equal_lines_without_an_id_stay_as_many_ticks_in_any_order(
    reader: Reader,
) -> None:
    rows = ["1704067200,7,1\n"] * 3 + ["1704067201,7,1\n"]

    forth = reader("BTCUSD.csv", "time,price,size\n" + "".join(rows))
    back = reader("BTCUSD.csv", "time,price,size\n" + "".join(reversed(rows)))

    assert len(set(forth.ticks)) == 4
    assert set(back.ticks) == set(forth.ticks)


def test_all_ids_that_end_in_zeros_went_through_a_float(reader: Reader) -> None:
    rows = "1704067200,1,17506123456789000000\n1704067200,1,17506123456790000000\n"

    printed = reader("BTCUSD.csv", f"time,price,id\n{rows}")

    assert printed.ticks == []
    assert "all ids end in zeros" in printed.err


def test_a_file_without_any_time_has_the_time_of_receipt_and_says_so(
    reader: Reader,
) -> None:
    printed = reader("BTCUSD.csv", "price,size\n7,1\n7,1\n")

    assert len(set(printed.ticks)) == 2
    assert "each tick has the time of receipt" in printed.err
    assert printed.status == 0


def test_a_header_below_other_lines_is_found_and_named(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", "My trades\nof 2024,x\n\ntime,price\n1704067200,7\n")

    assert printed.ticks == ["7 2024-01-01T00:00:00Z - - -"]
    assert "header found on line 4" in printed.err


def test_the_symbol_may_be_a_column(reader: Reader) -> None:
    text = "coinpair,time,price\nBTCUSDT,1704067200,7\nETH/USD,1704067200,8\n"

    assert reader("a.csv", text, SYMBOL="coinpair").symbols == ["BTC-USDT", "ETH-USD"]


def test_a_symbol_that_a_row_contradicts_is_a_reason(reader: Reader) -> None:
    text = "symbol,time,price\nBTCUSDT,1704067200,7\nETHUSDT,1704067200,8\n"

    printed = reader("a.csv", text, SYMBOL="BTC-USDT")

    assert printed.symbols == ["BTC-USDT"]
    assert "line 3: symbol: the row has 'ETHUSDT'" in printed.err


def test_each_bad_line_of_our_own_form_is_named(reader: Reader) -> None:
    good = '{"symbol": "BTC", "price": 1.50, "timestamp": 1704067200}'
    bad = [
        '{"symbol": "BTC", "price": 1.50}',
        '{"symbol": "BTC", "price": 1, "timestamp": 1704067200, "trade_Id": 5}',
        '{"symbol": "BTC", "price": NaN, "timestamp": 1704067200}',
        '{"symbol": "BTC"',
        "5",
    ]

    printed = reader("a.jsonl", "\n".join([good, *bad]))

    assert printed.ticks == ["1.50 2024-01-01T00:00:00Z - - -"]
    assert [f"line {number}: " in printed.err for number in range(2, 7)] == [True] * 5


def test_a_document_that_is_cut_off_is_read_as_far_as_it_goes(reader: Reader) -> None:
    text = '[\n{"symbol": "BTC", "price": 1, "timestamp": 1704067200},\n{"symbol'

    printed = reader("a.json", text)

    assert len(printed.ticks) == 1
    assert "line 3: the JSON document is cut off here" in printed.err
    assert printed.status == 1


def test_a_long_list_in_an_envelope_is_streamed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_documents, "LONGEST", 100)
    tick = '{"symbol": "BTC", "price": 1, "timestamp": 17040672'
    ticks = ",\n".join(f"{tick}{n:02d}}}" for n in range(20))

    printed = reader(
        "a.json", f'{{"meta": {{"a": [1]}}, "ids": [1], "prices": [{ticks}]}}'
    )

    assert len(printed.ticks) == 20
    assert printed.status == 0
