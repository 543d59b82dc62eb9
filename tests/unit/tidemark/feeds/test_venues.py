import json
from pathlib import Path
from typing import Any

import pytest

from services.exchanges import registry as parsers
from services.exchanges.delivery import Delivery
from services.market.tick import Tick
from tidemark.feeds import instrument
from tidemark.feeds.feed import Feed, Market
from tidemark.feeds.registry import FEEDS

PAYLOADS = Path(__file__).parents[3] / "payloads"
NOW_MS = 1_767_225_600_000
NUMBERS = ("time", "nonce")  # of the moment

# exchange, symbol, the part of the address that tells the market, the venue's name
NATIVE = [
    ("binance", "BTC-USDT", "stream.binance.com:9443/ws", "btcusdt@trade"),
    ("binanceus", "BTC-USD", "stream.binance.us:9443/ws", "btcusd@trade"),
    ("binance_usdm", "BTC-USDT-PERP", "/market/ws", "btcusdt@aggTrade"),
    ("binance_usdm", "BTC-USDT-24M28", "/market/ws", "btcusdt_240628@aggTrade"),
    ("binance_coinm", "BTC-USD-PERP", "dstream", "btcusd_perp@aggTrade"),
    ("binance_coinm", "BTC-USD-24M28", "dstream", "btcusd_240628@aggTrade"),
    ("coinbase", "BTC-USD", "advanced-trade", "BTC-USD"),
    ("coinbase_exchange", "BTC-USD", "ws-feed.exchange", "BTC-USD"),
    ("kraken", "BTC-USD", "/v2", "BTC/USD"),
    ("kraken_futures", "BTC-USD-PERP", "/ws/v1", "PF_XBTUSD"),
    ("kraken_futures", "ETH-USD-24M28", "/ws/v1", "FF_ETHUSD_240628"),
    ("bybit", "BTC-USDT", "/spot", "BTCUSDT"),
    ("bybit", "BTC-USDT-PERP", "/linear", "BTCUSDT"),
    ("bybit", "BTC-USDC-PERP", "/linear", "BTCPERP"),
    ("bybit", "BTC-USDT-25U26", "/linear", "BTCUSDT-26SEP25"),
    ("bybit", "BTC-USDC-25U26", "/linear", "BTC-26SEP25"),
    ("bybit", "BTC-USD-PERP", "/inverse", "BTCUSD"),
    ("bybit", "BTC-USD-24M28", "/inverse", "BTCUSDM24"),
    ("okx", "BTC-USDT", "/public", "BTC-USDT"),
    ("okx", "BTC-USDT-PERP", "/public", "BTC-USDT-SWAP"),
    ("okx", "BTC-USD-24M28", "/public", "BTC-USD-240628"),
    ("bitfinex", "BTC-USD", "/ws/2", "tBTCUSD"),
    ("bitfinex", "DOGE-USDT", "/ws/2", "tDOGE:UST"),
    ("bitfinex", "BTC-USDT-PERP", "/ws/2", "tBTCF0:USTF0"),
    ("bitstamp", "BTC-USD", "ws.bitstamp.net", "live_trades_btcusd"),
    ("bitstamp", "BTC-USD-PERP", "ws.bitstamp.net", "live_trades_btcusd-perp"),
    ("gemini", "BTC-USD", "/v2/marketdata", "BTCUSD"),
    ("gemini", "BTC-GUSD-PERP", "/v2/marketdata", "BTCGUSDPERP"),
    ("kucoin", "BTC-USDT", "api.kucoin.com", "/market/match:BTC-USDT"),
    (
        *("kucoin_futures", "BTC-USDT-PERP", "api-futures"),
        "/contractMarket/execution:XBTUSDTM",
    ),
    (
        *("kucoin_futures", "BTC-USD-24M28", "api-futures"),
        "/contractMarket/execution:XBTMM24",
    ),
    ("gateio", "BTC-USDT", "/ws/v4/", "BTC_USDT"),
    ("gateio_futures", "BTC-USDT-PERP", "/v4/ws/usdt", "BTC_USDT"),
    ("gateio_futures", "BTC-USD-PERP", "/v4/ws/btc", "BTC_USD"),
    ("gateio_futures", "BTC-USDT-24M28", "/delivery/usdt", "BTC_USDT_20240628"),
    ("htx", "BTC-USDT", "api.huobi.pro", "btcusdt"),
    ("htx_swap", "BTC-USDT-PERP", "/linear-swap-ws", "BTC-USDT"),
    ("htx_swap", "BTC-USDT-24M28", "/linear-swap-ws", "BTC-USDT-240628"),
    ("htx_swap", "BTC-USD-PERP", "/swap-ws", "BTC-USD"),
    ("cryptocom", "BTC-USDT", "/v1/market", "BTC_USDT"),
    ("cryptocom", "BTC-USD-PERP", "/v1/market", "BTCUSD-PERP"),
    ("cryptocom", "BTC-USD-24M28", "/v1/market", "BTCUSD-240628"),
    ("deribit", "BTC-USDC", "/ws/api/v2", "BTC_USDC"),
    ("deribit", "BTC-USD-PERP", "/ws/api/v2", "BTC-PERPETUAL"),
    ("deribit", "SOL-USDC-PERP", "/ws/api/v2", "SOL_USDC-PERPETUAL"),
    ("deribit", "BTC-USD-24M28", "/ws/api/v2", "BTC-28JUN24"),
]
NOT_TRADED = [
    ("binance", "BTC-USDT-PERP"),
    ("binance_usdm", "BTC-USDT"),
    ("binance_usdm", "BTC-USDT-FOREVER"),
    ("binance_coinm", "BTC-USDT-PERP"),
    ("binance_coinm", "BTC-USD"),
    ("coinbase", "BTC-USD-PERP"),
    ("coinbase_exchange", "BTC-USD-PERP"),
    ("kraken", "BTC-USD-PERP"),
    ("kraken_futures", "BTC-USD"),
    ("bybit", "BTC-USD-24N28"),
    ("bybit", "BTC-USDT-24M31"),
    ("okx", "BTC-USD-24M31"),
    ("bitfinex", "BTC-USD-24M28"),
    ("bitstamp", "BTC-USD-24M28"),
    ("gemini", "BTC-USD-24M28"),
    ("kucoin", "BTC-USDT-PERP"),
    ("kucoin_futures", "BTC-USDT"),
    ("gateio", "BTC-USDT-PERP"),
    ("gateio_futures", "BTC-USDC-PERP"),
    ("gateio_futures", "BTC-USD-24M28"),
    ("htx", "BTC-USDT-PERP"),
    ("htx_swap", "BTC-USDT"),
    ("htx_swap", "BTC-USD-24M28"),
    ("cryptocom", "BTC-USDT-PERP"),
    ("deribit", "BTC-USD-SOON"),
]
SUBSCRIBED: dict[str, list[Any]] = {
    "binance": [{"method": "SUBSCRIBE", "params": ["A", "B"], "id": 1_000_000}],
    "coinbase": [
        {"type": "subscribe", "channel": "heartbeats"},
        {"type": "subscribe", "product_ids": ["A"], "channel": "market_trades"},
        {"type": "subscribe", "product_ids": ["B"], "channel": "market_trades"},
    ],
    "coinbase_exchange": [
        {"type": "subscribe", "product_ids": [name], "channels": [*channels]}
        for channels in (("matches", "heartbeat"),)
        for name in "AB"
    ],
    "kraken": [
        {
            "method": "subscribe",
            "params": {"channel": "trade", "symbol": [name], "snapshot": True},
            "req_id": number,
        }
        for number, name in ((1, "A"), (2, "B"))
    ],
    "kraken_futures": [
        {"event": "subscribe", "feed": "heartbeat"},
        {"event": "subscribe", "feed": "trade", "product_ids": ["A"]},
        {"event": "subscribe", "feed": "trade", "product_ids": ["B"]},
    ],
    "bybit": [
        {"op": "subscribe", "req_id": "1", "args": ["publicTrade.A"]},
        {"op": "subscribe", "req_id": "2", "args": ["publicTrade.B"]},
    ],
    "okx": [
        {"id": "1", "op": "subscribe", "args": [{"channel": "trades", "instId": "A"}]},
        {"id": "2", "op": "subscribe", "args": [{"channel": "trades", "instId": "B"}]},
    ],
    "bitfinex": [
        {"event": "subscribe", "channel": "trades", "symbol": "A"},
        {"event": "subscribe", "channel": "trades", "symbol": "B"},
    ],
    "bitstamp": [
        {"event": "bts:subscribe", "data": {"channel": "A"}},
        {"event": "bts:subscribe", "data": {"channel": "B"}},
    ],
    "gemini": [
        {"type": "subscribe", "subscriptions": [{"name": "l2", "symbols": ["A", "B"]}]}
    ],
    "kucoin": [
        {
            "id": number,
            "type": "subscribe",
            "topic": topic,
            "privateChannel": False,
            "response": True,
        }
        for number, topic in (("1", "A"), ("2", "B"))
    ],
    "gateio": [
        {"id": 1, "channel": "spot.trades", "event": "subscribe", "payload": ["A"]},
        {"id": 2, "channel": "spot.trades", "event": "subscribe", "payload": ["B"]},
    ],
    "gateio_futures": [
        {"id": 1, "channel": "futures.trades", "event": "subscribe", "payload": ["A"]},
        {"id": 2, "channel": "futures.trades", "event": "subscribe", "payload": ["B"]},
    ],
    "htx": [
        {"sub": "market.A.trade.detail", "id": "1"},
        {"sub": "market.B.trade.detail", "id": "2"},
    ],
    "cryptocom": [
        {"id": 1, "method": "subscribe", "params": {"channels": ["trade.A"]}},
        {"id": 2, "method": "subscribe", "params": {"channels": ["trade.B"]}},
    ],
    "deribit": [
        {
            "jsonrpc": "2.0",
            "id": 1_000_000,
            "method": "public/set_heartbeat",
            "params": {"interval": 10},
        },
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "public/subscribe",
            "params": {"channels": ["trades.A.100ms"]},
        },
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "public/subscribe",
            "params": {"channels": ["trades.B.100ms"]},
        },
    ],
}
SAME = {
    "binanceus": "binance",
    "binance_usdm": "binance",
    "binance_coinm": "binance",
    "kucoin_futures": "kucoin",
    "htx_swap": "htx",
}
KEPT_ALIVE: dict[str, Any] = {
    "binance": {"method": "LIST_SUBSCRIPTIONS", "id": 1_000_001},
    "kraken": {"method": "ping"},
    "bybit": {"op": "ping"},
    "okx": "ping",
    "bitfinex": {"event": "ping", "cid": 0},
    "bitstamp": {"event": "bts:heartbeat"},
    "gateio": {"channel": "spot.ping"},
    "gateio_futures": {"channel": "futures.ping"},
}
ANSWERED: list[tuple[str, Any, Any]] = [
    ("htx", {"ping": 1_714_564_800_123}, {"pong": 1_714_564_800_123}),
    ("htx_swap", {"op": "ping", "ts": "17"}, {"op": "pong", "ts": "17"}),
    (
        "cryptocom",
        {"id": 7, "method": "public/heartbeat", "code": 0},
        {"id": 7, "method": "public/respond-heartbeat"},
    ),
    (
        "deribit",
        {"method": "heartbeat", "params": {"type": "test_request"}},
        {"jsonrpc": "2.0", "id": 1_000_000, "method": "public/test", "params": {}},
    ),
]
REFUSED: list[tuple[str, Any, str]] = [
    ("binance", {"error": {"code": 2, "msg": "Invalid request"}, "id": 1}, "Invalid"),
    ("binance_usdm", {"code": 2, "msg": "Invalid request", "id": 1}, "Invalid"),
    ("coinbase", {"type": "error", "message": "no such product"}, "no such product"),
    (
        "coinbase_exchange",
        {"type": "error", "message": "Failed", "reason": "NO-PE is not valid"},
        "NO-PE is not valid",
    ),
    ("coinbase_exchange", {"type": "error", "message": "Failed"}, "Failed"),
    (
        "kraken",
        {"method": "subscribe", "success": False, "error": "not supported"},
        "not supported",
    ),
    (
        "kraken_futures",
        {"event": "alert", "message": "Bad request"},
        "Bad request",
    ),
    ("kraken_futures", {"event": "subscribed_failed"}, "subscription failed"),
    (
        "bybit",
        {"success": False, "ret_msg": "handler not found", "op": "subscribe"},
        "handler not found",
    ),
    ("okx", {"event": "error", "code": "60018", "msg": "does not exist"}, "not exist"),
    (
        "bitfinex",
        {"event": "error", "msg": "symbol: invalid", "code": 10300},
        "symbol: invalid",
    ),
    (
        "bitstamp",
        {"event": "bts:error", "channel": "", "data": {"code": 1, "message": "Bad"}},
        "Bad",
    ),
    ("gemini", {"result": "error", "reason": "InvalidJson"}, "InvalidJson"),
    ("gemini", {"type": "error", "message": "no symbol"}, "no symbol"),
    ("kucoin", {"id": "1", "type": "error", "data": "topic is not found"}, "not found"),
    (
        "gateio",
        {"event": "subscribe", "error": {"code": 2, "message": "unknown pair"}},
        "unknown pair",
    ),
    ("htx", {"status": "error", "err-msg": "invalid symbol"}, "invalid symbol"),
    ("cryptocom", {"id": 1, "method": "subscribe", "code": 40003}, "code 40003"),
    ("deribit", {"id": 1, "error": {"code": 11050, "message": "bad"}}, "bad"),
    ("deribit", {"id": 1, "result": []}, "no such instrument"),
]
ACKNOWLEDGED: list[tuple[str, Any]] = [
    ("binance", {"result": None, "id": 1}),
    ("coinbase", {"channel": "subscriptions", "events": []}),
    ("coinbase_exchange", {"type": "subscriptions", "channels": []}),
    ("kraken", {"method": "subscribe", "success": True, "result": {}}),
    ("kraken_futures", {"event": "subscribed", "feed": "trade"}),
    ("bybit", {"success": True, "op": "subscribe"}),
    ("okx", {"event": "subscribe", "arg": {}}),
    ("bitfinex", {"event": "info", "version": 2}),
    ("bitstamp", {"event": "bts:subscription_succeeded", "data": {}}),
    ("gemini", {"type": "heartbeat", "timestamp": 1}),
    ("kucoin", {"id": "1", "type": "ack"}),
    ("gateio", {"event": "subscribe", "error": None, "result": {"status": "success"}}),
    ("htx", {"status": "ok", "subbed": "market.btcusdt.trade.detail", "id": "1"}),
    ("cryptocom", {"id": 1, "method": "subscribe", "code": 0}),
    ("deribit", {"id": 1, "result": ["trades.BTC-PERPETUAL.100ms"]}),
    ("deribit", {"id": 1_000_000, "error": {"code": 1, "message": "no heartbeat"}}),
    ("binance", {"id": 1_000_001, "error": {"code": 1, "msg": "no list"}}),
]
LEAVING: list[tuple[str, Any]] = [
    ("bitfinex", {"event": "info", "code": 20051, "msg": "Stopping"}),
    ("bitstamp", {"event": "bts:request_reconnect", "channel": "", "data": ""}),
    ("okx", {"event": "notice", "code": "64008", "msg": "will be upgraded"}),
]


@pytest.mark.parametrize(("exchange", "symbol", "address", "name"), NATIVE)
def test_an_instrument_has_the_venues_name_at_the_markets_address(
    exchange: str, symbol: str, address: str, name: str
) -> None:
    [(market, found), *_] = _markets(FEEDS[exchange], symbol)

    assert found == name
    assert address in market.url


@pytest.mark.parametrize(("exchange", "symbol"), NOT_TRADED)
def test_what_a_venue_does_not_trade_has_no_name(exchange: str, symbol: str) -> None:
    assert _markets(FEEDS[exchange], symbol) == []


@pytest.mark.parametrize("exchange", sorted(FEEDS))
def test_the_symbol_of_a_trade_has_a_name_that_is_in_its_message(exchange: str) -> None:
    raw = (PAYLOADS / exchange / "trade.json").read_text()
    query = {"market": "linear", "symbol": "tBTCUSD"}
    delivery = Delivery(raw.encode(), exchange, NOW_MS, "", query)
    [tick] = [t for t in parsers.read(delivery) if isinstance(t, Tick)]

    names = [name for _, name in _markets(FEEDS[exchange], tick.symbol)]

    spellings = {name.partition("@")[0].upper() for name in names}
    # A channel's number stands for the name; a contract has another collateral.
    known = {"TBTCUSD"} if exchange == "bitfinex" else {"PF_XBTUSD"}
    assert any(name in raw.upper() for name in spellings) or spellings == known


@pytest.mark.parametrize("exchange", sorted(FEEDS))
def test_a_venue_is_asked_for_the_trades_of_each_name(exchange: str) -> None:
    messages = [*FEEDS[exchange].subscriptions(["A", "B"])]

    expected = SUBSCRIBED[SAME.get(exchange, exchange)]
    assert [_lasting(message) for message in messages] == expected


@pytest.mark.parametrize("exchange", sorted(KEPT_ALIVE))
def test_a_line_is_kept_alive_in_the_venues_words(exchange: str) -> None:
    alive = FEEDS[exchange].keep_alive

    assert alive is not None
    assert _lasting(alive.message()) == KEPT_ALIVE[exchange]


@pytest.mark.parametrize("exchange", sorted(FEEDS))
def test_a_quiet_market_is_not_taken_for_a_silent_line(exchange: str) -> None:
    feed = FEEDS[exchange]

    assert feed.keep_alive is None or feed.silent_after_s > 2 * feed.keep_alive.every_s


@pytest.mark.parametrize(("exchange", "message", "answer"), ANSWERED)
def test_a_ping_is_answered_as_the_venue_wants_it(
    exchange: str, message: Any, answer: Any
) -> None:
    assert FEEDS[exchange].answer(message) == answer


@pytest.mark.parametrize(("exchange", "message", "reason"), REFUSED)
def test_a_refusal_has_its_reason(exchange: str, message: Any, reason: str) -> None:
    assert reason in str(FEEDS[exchange].refusal(message))


@pytest.mark.parametrize(("exchange", "message"), ACKNOWLEDGED)
def test_an_acknowledgement_is_no_refusal_and_needs_no_answer(
    exchange: str, message: Any
) -> None:
    feed = FEEDS[exchange]

    assert feed.refusal(message) is None
    assert feed.answer(message) is None
    assert not feed.leave(message)


@pytest.mark.parametrize(("exchange", "message"), LEAVING)
def test_a_venue_that_is_about_to_restart_is_left(exchange: str, message: Any) -> None:
    assert FEEDS[exchange].leave(message)


def test_bitfinex_names_a_channel_when_it_is_subscribed_to() -> None:
    feed = FEEDS["bitfinex"]
    message = {"event": "subscribed", "chanId": 17470, "symbol": "tBTCUSD"}

    assert feed.opened(message) == ("17470", {"symbol": "tBTCUSD"})
    assert feed.channel('[17470,"te",[1,2,3,4]]') == "17470"
    assert feed.channel('{"event":"info"}') is None
    assert feed.opened({"event": "info"}) is None


def test_okx_answers_a_ping_with_a_word() -> None:
    assert "pong" in FEEDS["okx"].chatter


def _markets(feed: Feed, symbol: str) -> list[tuple[Market, str]]:
    asked = instrument.parse(symbol)
    named = ((market, market.native(asked)) for market in feed.markets)
    return [(market, name) for market, name in named if name]


def _lasting(message: Any) -> Any:
    if isinstance(message, str):
        return message
    lasting = {name: value for name, value in message.items() if name not in NUMBERS}
    return json.loads(json.dumps(lasting))
