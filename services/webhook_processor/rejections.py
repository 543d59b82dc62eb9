"""Pack the rejections of one request into a bounded number of dead-letter messages.

A body of 180 KiB can hold 92,159 bad elements. Up to `MOST_ALONE` rejections have a
message each; more are packed into JSON arrays by their reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from services.aws.batches import portions
from services.exchanges.delivery import Delivery
from services.market.counts import counted
from services.market.exact_json import Json
from services.market.quarantine import LARGEST_PIECE, Rejection, cut

MOST_ALONE = 50
LONGEST_EXCHANGE = 64
LONGEST_QUERY = 256
LARGEST_ARRAY = LARGEST_PIECE - len('"[]"')


def messages(rejections: Sequence[Rejection], delivery: Delivery) -> list[str]:
    """The messages; a retry of the request makes the same ones with the same ids."""
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
    """Combine the rejections that have the same reason, if there are many.

    Reasons beyond the first `MOST_ALONE` share their arrays. No payload is cut, so that
    an array can be posted again.
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
        number = counted(len(others), "other reason")
        reason = f"{number}, the first of them: {others[0]}"
        yield reason, [payload for other in others for payload in alike[other]]


def _array(reason: str, payloads: Sequence[str]) -> Rejection:
    if len(payloads) == 1:
        return Rejection(reason, payloads[0])
    return Rejection(reason, f"[{','.join(payloads)}]", len(payloads))
