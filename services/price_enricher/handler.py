"""price-enricher: enrich the inserted ticks and forward them to market-data.

Poison rows are quarantined with their reason. What AWS refuses is reported as batch
item failures, so that Lambda retries from there. Processing a record twice is harmless.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.aws.clients import AWS_ERRORS, client
from services.aws.concurrency import concurrently
from services.aws.isolation import isolated
from services.aws.queues import Queue
from services.aws.telemetry import count, log_each, logger, metrics
from services.market.errors import InvalidValue
from services.price_enricher import summary
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
    good, _ = separate(inserts)
    log_each("records enriched", summary.batch_lines(good, failed))
    return {
        "batchItemFailures": [
            {"itemIdentifier": insert.sequence_number} for insert in failed
        ]
    }


def process_isolated(inserts: Sequence[Insert]) -> list[Insert]:
    """Process the inserts together; if that raises, process them one by one, and
    quarantine the one that raises. Processing an insert twice is harmless.
    """
    try:
        return isolated(lambda: process(inserts), records=len(inserts))
    except InvalidValue as bad:
        if len(inserts) == 1:
            return quarantine_records([(inserts[0], bad.reason)])
    return [failed for insert in inserts for failed in process_isolated([insert])]


def process(inserts: Sequence[Insert]) -> list[Insert]:
    """Enrich and forward the good inserts, quarantine poison, return the failed ones.

    An insert is forwarded whenever it is processed, even if an earlier attempt wrote
    its row and died: a message may be sent twice, but is never left out.
    """
    good, poison = separate(inserts)
    enriched, failed = enrich_symbols(good)
    unwritten, reasons = write(enriched)
    failed |= unwritten
    log_each("rows corrected", summary.corrected_lines(enriched, failed))
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

    outcomes = concurrently(enrich_symbol, list(keys.items()))
    read = dict(zip(keys, outcomes, strict=True))
    enriched = [entry for entries in outcomes if entries for entry in entries]
    return enriched, {symbol for symbol, entries in read.items() if entries is None}


def enrich_symbol(inserted: tuple[str, Sequence[str]]) -> list[Enriched] | None:
    """The rows that one symbol's inserts affect, or None if AWS refuses the reads."""
    symbol, keys = inserted
    try:
        return list(enrich(history, symbol, keys, VOLATILITY_WINDOW))
    except AWS_ERRORS:
        logger.exception("symbol not read", extra={"symbol": symbol})
        return None


def write(enriched: Sequence[Enriched]) -> tuple[set[str], dict[Key, str]]:
    """Write what has changed; return the symbols to retry, and why a row can
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
    """Send each insert's message and return those that were refused.

    An insert whose row has been deleted since is not among the enriched.
    """
    values = {entry.key: entry for entry in enriched if entry.inserted}
    there = [insert for insert in inserts if insert.key in values]
    refused = market_data_queue.send_grouped(
        [market_data(insert, values[insert.key]) for insert in there],
        groups=[insert.symbol for insert in there],
    )
    count("TicksEnriched", len(there))
    count("TicksCorrected", sum(entry.corrected for entry in enriched))
    return [there[position] for position in refused]


def quarantine_records(poison: Sequence[Poison]) -> list[Insert]:
    """Send each poison row to the dead-letter queue; return those refused."""
    messages = [
        (insert, message)
        for insert, reason in poison
        for message in poison_records(insert, reason)
    ]
    refused = quarantine.send([message for _, message in messages])
    count("RecordsQuarantined", len(poison))
    left = {id(messages[position][0]): messages[position][0] for position in refused}
    return list(left.values())
