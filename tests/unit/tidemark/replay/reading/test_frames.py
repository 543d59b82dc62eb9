"""Files of venues' own messages, read by parsers such as the registry has."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from services.exchanges import venue as venues
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Ignored, Reading, Unrecognised, Venue
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from tidemark.replay.reading import frames
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.ticks import Item, LeftOut, Problem, Trade

NOW_MS = 1_764_000_000_000
HEARTBEAT: Json = {"e": "heartbeat"}


def parse(message: Any, delivery: Delivery) -> Iterator[Reading]:
    """`{"e": "trade", "p": "7"}`, and lists `[channel, price]` without a symbol."""
    match message:
        case {"e": "heartbeat"} | {"event": "subscribed"}:
            yield Ignored("heartbeat")
        case {"e": "trade", "p": price, **rest}:
            time: Any = rest.get("T")
            yield venues.tick(
                delivery,
                message,
                symbol="BTC-USD",
                price=price,
                volume="1",
                time_ns=time,
            )
        case [_, str(price)]:
            if "symbol" not in delivery.query:
                raise InvalidValue("symbol", "is missing: it is in the address")
            symbol = delivery.query["symbol"].removeprefix("t")
            yield venues.tick(delivery, message, symbol=symbol, price=price, volume="1")
        case _:
            raise Unrecognised


def recognise(
    *head: Any, names: tuple[str, ...] = ("kraken",), **settings: Any
) -> frames.Frames | None:
    known: Mapping[str, Venue] = {name: Venue(name, parse, {}) for name in names}
    return frames.recognise(head, Settings(**settings), known, NOW_MS)


def items(reader: frames.Frames | None, *messages: Any) -> list[Item]:
    assert reader is not None
    return list(reader.items(enumerate(messages, 1)))


def test_trades_are_read_and_heartbeats_are_left_out() -> None:
    messages = ({"e": "trade", "p": "7", "T": 1_704_067_200_000_000_000}, HEARTBEAT)
    reader = recognise(*messages)

    trade, left_out = items(reader, *messages)

    assert isinstance(trade, Trade)
    assert '"exchange": "kraken"' in trade.body
    assert left_out == LeftOut(2, "heartbeat")


def test_a_message_of_another_form_is_a_problem() -> None:
    reader = recognise({"e": "trade", "p": "7"})

    [problem] = items(reader, {"x": "y"})

    assert problem == Problem(1, "is no message of kraken that Tidemark reads")


def test_heartbeats_alone_are_of_no_venue() -> None:
    assert recognise(HEARTBEAT) is None


def test_messages_that_no_parser_reads_are_of_no_venue() -> None:
    assert recognise({"e": "trade", "p": "7"}, {"x": "y"}) is None


def test_messages_of_several_venues_ask_for_the_exchange() -> None:
    with pytest.raises(Refusal, match=r"EXCHANGE=binance or EXCHANGE=binanceus\."):
        recognise({"e": "trade", "p": "7"}, names=("binance", "binanceus"))


def test_alerts_of_tradingview_are_read_only_if_the_exchange_says_so() -> None:
    message = {"e": "trade", "p": "7"}

    assert recognise(message, names=("tradingview",)) is None
    assert recognise(message, names=("tradingview",), exchange="TradingView")


def test_the_exchange_says_which_venue_it_is() -> None:
    reader = recognise(
        {"e": "trade", "p": "7"}, names=("binance", "binanceus"), exchange="BinanceUS"
    )

    assert reader is not None
    assert reader.venue.exchange == "binanceus"


def test_a_symbol_that_all_messages_leave_out_is_asked_for() -> None:
    with pytest.raises(Refusal, match=r"symbol: is missing .* add SYMBOL=tBTCUSD"):
        recognise([5, "7"])


def test_the_symbol_comes_from_the_setting() -> None:
    reader = recognise([5, "7"], names=("bitfinex",), symbol="DOGE-USDT")

    [trade] = items(reader, [5, "7"])

    assert isinstance(trade, Trade)
    assert trade.tick.symbol == "DOGE:UST"


def test_bitfinexs_own_events_name_the_symbols_of_its_channels() -> None:
    subscribed: Json = {"event": "subscribed", "chanId": "5", "symbol": "tBTCUSD"}
    reader = recognise(subscribed, ["5", "7"], names=("bitfinex",))

    _, trade = items(reader, subscribed, ["5", "7"])

    assert isinstance(trade, Trade)
    assert trade.tick.symbol == "BTCUSD"


def test_a_tick_without_a_time_is_a_problem_where_others_have_one() -> None:
    reader = recognise({"e": "trade", "p": "7"})
    assert reader is not None
    reader.has_time = True

    [problem] = items(reader, {"e": "trade", "p": "7"})

    assert problem == Problem(
        1, "timestamp: is missing, although other messages have one"
    )


def test_a_file_has_times_if_one_of_its_ticks_has() -> None:
    reader = recognise({"e": "trade", "p": "7"})
    assert reader is not None
    timed: Any = {"e": "trade", "p": "7", "T": 1_704_067_200_000_000_000}

    assert not frames.has_time(reader, iter([(1, {"e": "trade", "p": "7"})]))
    assert frames.has_time(reader, iter([(1, timed)]))
