"""Recognise an entry by the shape of its message, and say why it cannot be sent back.

A rejection is read again here, as webhook-processor would: one that would only be
rejected again cannot be sent back.
"""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Reading
from services.market.counts import counted
from services.market.errors import InvalidValue
from services.market.event_time import parse_key
from services.market.money import parse_amount
from services.market.quarantine import Rejection
from services.market.symbol import parse_exchange, parse_symbol
from services.market.tick import Tick
from tidemark.dead_letters import deliveries
from tidemark.dead_letters.deliveries import SEVERAL
from tidemark.dead_letters.entry import (
    ENRICHER,
    MARKET_DATA,
    NOTIFICATIONS,
    WEBHOOK,
    Entry,
)
from tidemark.dead_letters.letters import Letter, field_of, parse

REPAIR = "it holds no records, only where they lie: `make repair` enriches them"
CORRECT = "the stored row itself is bad: correct or delete it, then `make repair`"
UNKNOWN = "nothing here writes such a record"
NOTHING = "it holds no tick"
BROKEN = "its envelope is broken: it would fail again"
BATCH_NUMBERS = ("startSequenceNumber", "endSequenceNumber")
BATCH_TIMES = ("approximateArrivalOfFirstRecord", "approximateArrivalOfLastRecord")
BATCH_FIELDS = ("streamArn", "shardId", *BATCH_NUMBERS, *BATCH_TIMES)
REJECTION_FIELDS = ("reason", "payload", "request_id", "received_at")


def recognise(queue: str, letter: Letter, *, missing: int = 0) -> Entry:
    """The entry of a message, of which so many parts are missing."""
    kind, reason, symbol, obstacle = _recognised(queue, letter, missing)
    count = field_of(letter.content, "count")
    return Entry(
        queue=queue,
        id=letter.entry_id,
        kind=kind,
        reason=reason,
        symbol=symbol,
        sent_ms=letter.sent_ms,
        body=letter.body,
        content=letter.content,
        count=count if type(count) is int and kind == "rejection" else 1,
        cannot_return=obstacle,
        history=_history(letter),
        attributes=letter.attributes,
    )


def delivery_of(rejection: Mapping[str, Any]) -> Delivery:
    """The request that a rejection came with, its body the rejected part alone."""
    exchange, query = rejection.get("exchange"), rejection.get("query")
    return Delivery(
        rejection["payload"].encode(errors="surrogatepass"),
        exchange if isinstance(exchange, str) else None,
        int(rejection["received_at"]),
        rejection["request_id"],
        query if isinstance(query, dict) else {},
    )


def _recognised(queue: str, letter: Letter, missing: int) -> tuple[str, str, str, str]:
    """Kind, reason, symbol, and what prevents sending it back."""
    content = letter.content
    if queue == WEBHOOK and _is_rejection(content):
        symbol = _symbol_of_all(parse(content["payload"]))
        return "rejection", content["reason"], symbol, _rejected_again(content, missing)
    if queue == WEBHOOK:
        error = letter.attributes.get("ErrorMessage", "it failed without a message")
        symbol = _symbol_of_all(_posted(content))
        return "event", f"event failed: {error}", symbol, _fails_again(content)
    if queue == ENRICHER and _is_batch(field_of(content, "DDBStreamBatchInfo")):
        return "batch", "batch failed until its retries ended", "", REPAIR
    if queue == ENRICHER and isinstance(field_of(content, "reason"), str):
        return "poison", content["reason"], _symbol(content), CORRECT
    if queue == MARKET_DATA:
        obstacle = _refused_again(content)
        reason = obstacle or "failed five times: data-processor's log has the cause"
        return "message", reason, _symbol(content), obstacle
    if queue == NOTIFICATIONS:
        return deliveries.recognised(letter.body, content)
    return "unknown", "of no known form", _symbol(content), UNKNOWN


def _is_rejection(content: Any) -> bool:
    texts = [field_of(content, name) for name in REJECTION_FIELDS]
    return all(isinstance(text, str) for text in texts) and texts[3].isdecimal()


def _is_batch(batch: Any) -> bool:
    texts = [field_of(batch, name) for name in BATCH_FIELDS]
    return all(isinstance(text, str) for text in texts) and (
        all(batch[name].isdecimal() for name in BATCH_NUMBERS)
        and all(_is_time(batch[name]) for name in BATCH_TIMES)
    )


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _rejected_again(rejection: Mapping[str, Any], missing: int) -> str:
    if missing:
        total = rejection["parts"]
        parts = counted(
            missing, f"of its {total} parts is", f"of its {total} parts are"
        )
        return f"{parts} not in the queue"
    bad = ""
    for reading in _readings(rejection):
        if isinstance(reading, Tick):
            return ""
        if isinstance(reading, Rejection):
            bad = bad or reading.reason
    return f"it would be rejected again ({bad:.200})" if bad else NOTHING


def _readings(rejection: Mapping[str, Any]) -> Iterable[Reading]:
    return registry.read(delivery_of(rejection))


def ticks_of(rejection: Mapping[str, Any], *, most: int) -> list[Tick]:
    """The first ticks that its payload holds."""
    ticks = (each for each in _readings(rejection) if isinstance(each, Tick))
    return list(islice(ticks, most))


def _fails_again(event: Any) -> str:
    """An event of another form than the API's was a direct invocation."""
    if not isinstance(event, dict) or "body_b64" not in event:
        return ""
    try:
        base64.b64decode(event["body_b64"], validate=True)
        base64.b64decode(event.get("exchange_b64", ""), validate=True).decode()
    except (ValueError, TypeError):
        return BROKEN
    return "" if {"received_at", "request_id"} <= event.keys() else BROKEN


def _refused_again(message: Any) -> str:
    """Why data-processor would refuse a message again; empty if it would not."""
    try:
        if not isinstance(message, dict):
            raise InvalidValue("body", "is no JSON object")
        given = {name: value for name, value in message.items() if value is not None}
        parse_symbol(given.get("symbol"))
        parse_amount("price", _text(given.get("price")))
        if "timestamp" in given:
            parse_key(_text(given["timestamp"]))
        if "exchange" in given:
            parse_exchange(given["exchange"])
    except InvalidValue as bad:
        return f"it would be refused again ({bad.reason:.200})"
    return ""


def _text(value: Any) -> Any:
    return str(value) if type(value) in (int, float) else value


def _symbol(content: Any) -> str:
    symbol = field_of(content, "symbol")
    return symbol if isinstance(symbol, str) else ""


def _symbol_of_all(posted: Any) -> str:
    ticks = field_of(posted, "prices") or posted
    symbols = {
        _symbol(tick) for tick in (ticks if isinstance(ticks, list) else [ticks])
    }
    return symbols.pop() if len(symbols) == 1 else SEVERAL if symbols else ""


def _posted(event: Any) -> Any:
    """The body of an event that came from the API; of any other, the event itself."""
    encoded = field_of(event, "body_b64")
    if not isinstance(encoded, str):
        return event
    try:
        return parse(base64.b64decode(encoded).decode())
    except ValueError:
        return None


def _history(letter: Letter) -> list[dict[str, str]]:
    given = field_of(letter.content, "history")
    given = given or parse(letter.attributes.get("history", "[]"))
    lines = given if isinstance(given, list) else []
    return [line for line in lines if isinstance(line, dict)]
