"""The rejections of one request as dead-letter messages: few, however many they are.

A body of 180 KiB can hold 92,159 bad elements. Up to `MOST_ALONE` are sent each for
itself; more are sent together, as JSON arrays of those with the same reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from services.aws.batches import portions
from services.exchanges.delivery import Delivery
from services.market.exact_json import Json
from services.market.quarantine import LARGEST_PIECE, Rejection, cut

MOST_ALONE = 50
LONGEST_EXCHANGE = 64
LONGEST_QUERY = 256
LARGEST_ARRAY = LARGEST_PIECE - len('"[]"')


def messages(rejections: Sequence[Rejection], delivery: Delivery) -> list[str]:
    """Messages whose ids are those of the first attempt when the request is retried."""
    path = delivery.exchange
    context: dict[str, Json] = {
        "exchange": None if path is None else cut(path, LONGEST_EXCHANGE),
        "request_id": delivery.request_id,
        "received_at": str(delivery.received_at_ms),
    }
    if delivery.query:
        context["query"] = {k: cut(v, LONGEST_QUERY) for k, v in delivery.query.items()}
    if delivery.history:
        context["history"] = [dict(line) for line in delivery.history]
    equal: Counter[Rejection] = Counter()
    written: list[str] = []
    for bad in pack(rejections):
        written += bad.records(delivery.request_id, str(equal[bad]), **context)
        equal[bad] += 1
    return written


def pack(rejections: Sequence[Rejection]) -> list[Rejection]:
    """The rejections, those of one reason together where there are many of them.

    The reasons beyond the first `MOST_ALONE` share their arrays. No payload is cut, so
    an array that is posted again is read as its elements were.
    """
    if len(rejections) <= MOST_ALONE:
        return list(rejections)
    alike: dict[str, list[str]] = defaultdict(list)
    for bad in rejections:
        alike[bad.reason].append(bad.payload)
    return [
        _array(reason, array)
        for reason, payloads in _groups(alike)
        for array in portions(payloads, most_bytes=LARGEST_ARRAY)
    ]


def _groups(alike: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    reasons = list(alike)
    for reason in reasons[:MOST_ALONE]:
        yield reason, alike[reason]
    if others := reasons[MOST_ALONE:]:
        reason = f"{len(others)} other reasons, the first of them: {others[0]}"
        yield reason, [payload for other in others for payload in alike[other]]


def _array(reason: str, payloads: Sequence[str]) -> Rejection:
    if len(payloads) == 1:
        return Rejection(reason, payloads[0])
    return Rejection(reason, f"[{','.join(payloads)}]", len(payloads))
