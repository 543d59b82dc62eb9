"""Columns of sides, ids and amounts in forms that invite a wrong guess."""

import pytest

from tests.unit.tidemark.replay.reading.conftest import Reader


@pytest.mark.parametrize(
    ("column", "word", "side"),
    [
        ("side", "close_long", "sell"),
        ("side", "Close Short", "buy"),
        ("side", "open_long", "buy"),
        ("side", "buy to close", "buy"),
        ("side", "卖出", "sell"),
        ("aggressor", "buyer", "buy"),
        ("maker_side", "buy", "sell"),
        ("is_buy", "True", "buy"),
        ("isBuyerMaker", "1", "sell"),
        ("side", "unknown", "-"),
    ],
)
def test_a_side_is_that_of_the_taker(
    reader: Reader, column: str, word: str, side: str
) -> None:
    printed = reader("BTCUSD.csv", f"time,price,{column}\n1704067200,7,{word}\n")

    assert printed.ticks == [f"7 2024-01-01T00:00:00Z - {side} -"]


def test_a_side_may_be_missing_in_the_first_rows(reader: Reader) -> None:
    rows = "1704067200,7,\n" * 80 + "1704067200,7,sell\n"

    printed = reader("BTCUSD.csv", f"time,price,side\n{rows}")

    assert printed.ticks[-1].split()[3] == "sell"


def test_signs_are_sides_in_a_column_of_sides(reader: Reader) -> None:
    text = "time,price,side\n1704067200,7,1\n1704067200,8,-1\n"

    sides = [tick.split()[3] for tick in reader("BTCUSD.csv", text).ticks]

    assert sides == ["buy", "sell"]


def test_values_that_are_no_sides_are_not_read_and_noted(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", "time,price,side\n1704067200,7,1\n1704067200,8,2\n")

    assert [tick.split()[3] for tick in printed.ticks] == ["-", "-"]
    assert "the values of side (1, 2) are neither buy nor sell" in printed.err


def test_a_sign_within_symbols_is_no_delimiter(reader: Reader) -> None:
    printed = reader("a.csv", "symbol,time,price\nBTC|USD,1704067200,7\n")

    assert printed.symbols == ["BTC-USD"]


NUMBERS = {
    "lakhs": ('"12,34,567.89"', "1", "1234567.89 1 -"),
    "brackets": ("7", "(0.5)", "7 0.5 sell"),
    "a sign behind": ("7", "0.5-", "7 0.5 sell"),
    "quotation marks after spaces": (' "7"', ' "0.5"', "7 0.5 -"),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_a_number_is_read_as_it_is_meant(reader: Reader, case: str) -> None:
    price, amount, expected = NUMBERS[case]

    printed = reader("BTCINR.csv", f"time,price,amount\n1704067200,{price},{amount}\n")

    assert [tick.split()[0:1] + tick.split()[2:4] for tick in printed.ticks] == [
        expected.split()
    ]


UNITS = {
    "the quote currency": ("ETHBTC.csv", "Volume BTC", "-"),
    "a third currency": ("BTCUSD.csv", "Volume (ETH)", "-"),
    "a stablecoin": ("BTCUSDT.csv", "Volume (USDT)", "-"),
    "the base currency": ("XBTUSD.csv", "Volume XBT", "5"),
}


@pytest.mark.parametrize("case", UNITS)
def test_a_volume_is_in_the_base_currency(reader: Reader, case: str) -> None:
    name, heading, volume = UNITS[case]

    printed = reader(name, f"time,price,{heading}\n1704067200,7,5\n")

    assert printed.ticks == [f"7 2024-01-01T00:00:00Z {volume} - -"]


@pytest.mark.parametrize("trade_id", ["1750600001.5", '"1,234,567"'])
def test_a_number_with_a_mark_is_no_id(reader: Reader, trade_id: str) -> None:
    printed = reader("BTCUSD.csv", f"time,price,id\n1704067200,7,{trade_id}\n")

    assert (printed.ticks, "not an id" in printed.err) == ([], True)


def test_an_id_of_several_trades_is_left_out(reader: Reader) -> None:
    rows = "".join(f"{1704067200 + n},{n + 1},o{n}\n" for n in range(1001))

    printed = reader("BTCUSD.csv", f"time,price,txid\n{rows}1704068200,7,o1000\n")

    assert {tick.split()[4] for tick in printed.ticks} == {"-"}
    assert "several trades have the same id and time" in printed.err
    assert printed.status == 0


BOOKS = {
    "snapshots": "time,is_snapshot,side,price,amount\n1704067200,true,bid,7,1\n",
    "asks and bids": "time,type,price,amount\n1704067200,b,7,1\n1704067200,a,8,1\n",
}


@pytest.mark.parametrize("case", BOOKS)
def test_an_order_book_is_refused(reader: Reader, case: str) -> None:
    printed = reader("BTCUSD.csv", BOOKS[case])

    assert (printed.ticks, "it is an order book" in printed.err) == ([], True)


def test_columns_of_two_currencies_are_a_pair(reader: Reader) -> None:
    names = reader("a.csv", "base,quote,time,price\nBTC,USD,1704067200,7\n")
    amounts = reader("BTCUSD.csv", "base,quote,time,price\n2,14,1704067200,7\n")

    assert (names.symbols, amounts.symbols) == (["BTC-USD"], ["BTC-USD"])


@pytest.mark.parametrize("line", ["Total,,3", ",Total:,3", "Total"])
def test_a_line_of_totals_is_left_out(reader: Reader, line: str) -> None:
    printed = reader("BTCUSD.csv", f"time,price,size\n1704067200,7,3\n{line}\n")

    assert (len(printed.ticks), printed.status) == (1, 0)
    assert "left out: 1 time: a line of totals" in printed.err


def test_lines_with_dates_may_be_above_the_header(reader: Reader) -> None:
    text = (
        "Account,12345\nPeriod,2024-01-01,2024-02-01\ntime,price,size\n1704067200,7,1\n"
    )

    printed = reader("BTCUSD.csv", text)

    assert printed.ticks == ["7 2024-01-01T00:00:00Z 1 - -"]


SENSELESS = {
    "INTERVAL": ("1h", "the file holds no candles"),
    "MARKET": ("linear", "holds no messages"),
    "TIME": ("side", "TIME=side holds no times (buy)"),
    "PRICE": ("side", "PRICE=side holds no prices (buy)"),
    "VOLUME": ("price", "VOLUME=price is the column of the price, too"),
    "SIDE": ("size", "SIDE=size holds no sides (3)"),
}


@pytest.mark.parametrize("name", SENSELESS)
def test_a_setting_without_a_use_is_an_error(reader: Reader, name: str) -> None:
    given, reason = SENSELESS[name]
    text = "time,price,size,side\n1704067200,7,3,buy\n"

    printed = reader("BTCUSD.csv", text, **{name: given})

    assert (printed.ticks, reason in printed.err) == ([], True), printed.err


def test_a_column_of_signs_may_be_named(reader: Reader) -> None:
    text = "time,price,sign\n1704067200,7,1\n1704067200,8,-1\n"

    printed = reader("BTCUSD.csv", text, SIDE="sign", ID="sign")

    assert "SIDE=sign is the column of the id, too" in printed.err
    assert [t.split()[3] for t in reader("BTCUSD.csv", text, SIDE="sign").ticks] == [
        "buy",
        "sell",
    ]


def test_a_column_of_symbols_may_be_named_by_its_position(reader: Reader) -> None:
    settings = {"TIME": "1", "PRICE": "3", "SYMBOL": "2"}

    printed = reader("a.csv", "1704067200,BTCUSD,7\n1704067201,ETHUSD,8\n", **settings)

    assert printed.symbols == ["BTC-USD", "ETH-USD"]


def test_bitstamps_newer_export_names_currencies_in_columns(reader: Reader) -> None:
    header = (
        "ID,Account,Type,Subtype,Datetime,Amount,Amount currency,Value,Value currency,"
        "Rate,Rate currency,Fee,Fee currency,Order ID"
    )
    row = "9,Main,Market,Sell,2024-01-01T00:00:00Z,0.5,BTC,21,EUR,42,EUR,1,EUR,77"

    printed = reader("a.csv", f"{header}\n{row}\n")

    assert printed.ticks == ["42 2024-01-01T00:00:00Z 0.5 sell 9"]
    assert printed.symbols == ["BTC-EUR"]


def test_a_pair_is_a_symbol_even_if_a_column_has_its_name(reader: Reader) -> None:
    text = "date,BTC-USD,ETH-USD\n2024-01-01,7,8\n"

    printed = reader("a.csv", text, PRICE="ETH-USD", SYMBOL="ETH-USD")

    assert (printed.symbols, printed.ticks[0][:2]) == (["ETH-USD"], "8 ")


@pytest.mark.parametrize("cell", ["-", "(BTC)", "-0"])
def test_a_cell_without_an_amount_makes_no_sides(reader: Reader, cell: str) -> None:
    printed = reader("BTCUSD.csv", f"time,price,size\n1704067200,7,1\n1,2,{cell}\n")

    assert printed.ticks == ["7 2024-01-01T00:00:00Z 1 - -"]


COMMENTS = {
    "above": "# of 2024-01-01, by a\n# a, b, c\ntime,price\n1704067200,7\n",
    "below": "time,price\n1704067200,7\n# the end, of it\n",
    "as the header": "# about\n# time,price\n1704067200,7\n",
}


@pytest.mark.parametrize("case", COMMENTS)
def test_comments_may_have_commas(reader: Reader, case: str) -> None:
    printed = reader("BTCUSD.csv", COMMENTS[case])

    assert (printed.ticks, printed.status) == (["7 2024-01-01T00:00:00Z - - -"], 0)


def test_a_unit_by_another_name_is_the_base(reader: Reader) -> None:
    printed = reader("XBTUSD.csv", "time,price,size\n1704067200,7 USD,1 XBT\n")

    assert printed.ticks == ["7 2024-01-01T00:00:00Z 1 - -"]


def test_a_space_is_the_delimiter_where_there_is_no_other(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", "time price size\n1704067200 7 1\n")

    assert printed.ticks == ["7 2024-01-01T00:00:00Z 1 - -"]
