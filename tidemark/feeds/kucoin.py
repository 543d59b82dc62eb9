"""KuCoin spot and futures: kucoin.com/docs-new/3470072w0 and …/3470084w0

The feed requests the WebSocket's address and a token over HTTP. If the given address is
a WebSocket's already, it is used unchanged.
"""

import secrets
from urllib.parse import urlencode, urlsplit

import httpx

from services.exchanges.fields import MONTHS
from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, each
from tidemark.feeds.instrument import Instrument


def spot(instrument: Instrument) -> str | None:
    return f"/market/match:{instrument.symbol}" if instrument.spot else None


def futures(instrument: Instrument) -> str | None:
    base = "XBT" if instrument.base == "BTC" else instrument.base
    contract = ""
    if instrument.perpetual:
        contract = f"{base}{instrument.quote}M"
    elif instrument.quote == "USD" and (day := instrument.last_day):
        contract = f"{base}M{MONTHS[day.month - 1]}{day:%y}"
    return f"/contractMarket/execution:{contract}" if contract else None


def subscribe(number: int, topic: str) -> Message:
    wanted = {"type": "subscribe", "topic": topic, "privateChannel": False}
    return {"id": str(number), **wanted, "response": True}


def ping() -> Message:
    return {"id": secrets.token_hex(8), "type": "ping"}


def refusal(message: Message) -> str | None:
    match message:
        case {"type": "error", **details}:
            return str(details.get("data", "no reason given"))
    return None


class NoToken(httpx.HTTPError):
    """The answer contains no token or no server."""


async def address(url: str) -> str:
    """Return the address to connect to. Raises `httpx.HTTPError`."""
    if urlsplit(url).scheme in ("ws", "wss"):
        return url
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post(url)
        answer.raise_for_status()
        return _address(answer)


def _address(answer: httpx.Response) -> str:
    try:
        data = answer.json()["data"]
        endpoint, token = data["instanceServers"][0]["endpoint"], data["token"]
    except (ValueError, LookupError, TypeError) as error:
        raise NoToken(f"gives no token: {answer.text:.80}") from error
    query = urlencode({"token": token, "connectId": secrets.token_hex(8)})
    return f"{endpoint}?{query}"


def _feed(exchange: str, market: Market) -> Feed:
    return Feed(
        exchange=exchange,
        markets=(market,),
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(ping),
        refusal=refusal,
        address=address,
    )


SPOT = "https://api.kucoin.com/api/v1/bullet-public"
FUTURES = "https://api-futures.kucoin.com/api/v1/bullet-public"
FEEDS = (
    _feed("kucoin", Market(SPOT, spot)),
    _feed("kucoin_futures", Market(FUTURES, futures)),
)
