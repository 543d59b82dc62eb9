"""price-enricher: inserted ticks → their windows → back onto the rows → market-data.

Poison rows are put aside with their reason; what AWS refuses is reported as batch item
failures, so that Lambda tries again from there. Running a record twice is harmless.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.aws.clients import AWS_ERRORS, client
from services.aws.isolation import isolated
from services.aws.queues import Queue
from services.aws.telemetry import count, logger, metrics
from services.market.errors import InvalidValue
from services.price_enricher.enrichment import Enriched, enrich
from services.price_enricher.history import History
from services.price_enricher.message import market_data
from services.price_enricher.rows import Rows
from services.price_enricher.stream_record import (
    Insert,
    check,
    poison_records,
    read_insert,
)

type Key = tuple[str, Decimal]
type Poison = tuple[Insert, str]

VOLATILITY_WINDOW = int(os.environ["VOLATILITY_WINDOW"])

history = History(client("dynamodb"), os.environ["PRICES_TABLE"])
rows = Rows(history.dynamodb, history.table)
market_data_queue = Queue(client("sqs"), os.environ["MARKET_DATA_QUEUE_URL"])
quarantine = Queue(market_data_queue.sqs, os.environ["QUARANTINE_QUEUE_URL"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    inserts = [read_insert(record) for record in event["Records"]]

    failed = process_isolated(inserts)

    count("RecordsReceived", len(inserts))
    count("RecordsFailed", len(failed))
    requests = {insert.short_text("request_id") or "" for insert in inserts}
    logger.info("records enriched", extra={"request_ids": sorted(requests)})
    return {
        "batchItemFailures": [
            {"itemIdentifier": insert.sequence_number} for insert in failed
        ]
    }


def process_isolated(inserts: Sequence[Insert]) -> list[Insert]:
    """Processes the inserts together, or where that raises, one by one: the one that
    raises is poison. To process an insert twice is harmless.
    """
    try:
        return isolated(lambda: process(inserts), records=len(inserts))
    except InvalidValue as bad:
        if len(inserts) == 1:
            return quarantine_records([(inserts[0], bad.reason)])
    return [failed for insert in inserts for failed in process_isolated([insert])]


def process(inserts: Sequence[Insert]) -> list[Insert]:
    """Enriches and forwards the good, puts the poison aside, returns the failed.

    An insert is forwarded whenever it is processed, also where an earlier attempt has
    written its row and died: a message may come twice and is never left out.
    """
    good, poison = separate(inserts)
    enriched, failed = enrich_symbols(good)
    unwritten, reasons = write(enriched)
    failed |= unwritten
    poison += [(i, reasons[i.key]) for i in good if i.key in reasons]
    good = [i for i in good if i.key not in reasons]

    refused = forward([i for i in good if i.symbol not in failed], enriched)
    refused += quarantine_records(poison)
    return [i for i in good if i.symbol in failed] + refused


def separate(inserts: Sequence[Insert]) -> tuple[list[Insert], list[Poison]]:
    """The inserts that have a price, and the poison with the reason."""
    good, poison = [], []
    for insert in inserts:
        try:
            check(insert)
            good.append(insert)
        except InvalidValue as bad:
            poison.append((insert, bad.reason))
    return good, poison


def enrich_symbols(inserts: Sequence[Insert]) -> tuple[list[Enriched], set[str]]:
    """The rows that the inserts affect, and the symbols that could not be read."""
    keys: dict[str, list[str]] = defaultdict(list)
    for insert in inserts:
        keys[insert.symbol].append(insert.timestamp)

    enriched: list[Enriched] = []
    failed: set[str] = set()
    for symbol, inserted in keys.items():
        try:
            enriched += enrich(history, symbol, inserted, VOLATILITY_WINDOW)
        except AWS_ERRORS:
            logger.exception("symbol not read", extra={"symbol": symbol})
            failed.add(symbol)
    return enriched, failed


def write(enriched: Sequence[Enriched]) -> tuple[set[str], dict[Key, str]]:
    """Writes what has changed; returns the symbols to try again, and why a row can
    never take its values (another producer's may be too large for them).
    """
    refusals = rows.write([entry for entry in enriched if entry.due])
    again = [refusal for refusal in refusals if not refusal.invalid]
    if again:
        codes = {refusal.entry.symbol: refusal.code for refusal in again}
        logger.error("symbols not written", extra={"symbols": codes})
    return (
        {refusal.entry.symbol for refusal in again},
        {refusal.entry.key: refusal.reason for refusal in refusals if refusal.invalid},
    )


def forward(inserts: Sequence[Insert], enriched: Sequence[Enriched]) -> list[Insert]:
    """Sends each insert's message and returns those that were refused.

    An insert whose row has been deleted since is not among the enriched.
    """
    values = {entry.key: entry for entry in enriched if entry.inserted}
    there = [insert for insert in inserts if insert.key in values]
    refused = market_data_queue.send(
        [market_data(insert, values[insert.key]) for insert in there]
    )
    count("TicksEnriched", len(there))
    count("TicksCorrected", sum(e.changed and not e.inserted for e in enriched))
    return [there[position] for position in refused]


def quarantine_records(poison: Sequence[Poison]) -> list[Insert]:
    """Sends each poison row to the dead-letter queue; returns those refused."""
    messages = [
        (insert, message)
        for insert, reason in poison
        for message in poison_records(insert, reason)
    ]
    refused = quarantine.send([message for _, message in messages])
    count("RecordsQuarantined", len(poison))
    left = {id(messages[position][0]): messages[position][0] for position in refused}
    return list(left.values())
