"""price-enricher: inserted ticks → their windows → back onto the rows → market-data.

Poison rows are put aside with their reason; what AWS refuses is reported as batch item
failures, so that Lambda tries again from there. Running a record twice is harmless.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from services.aws.clients import AWS_ERRORS, client
from services.aws.concurrency import concurrently
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

    failed = process(inserts)

    count("RecordsReceived", len(inserts))
    count("RecordsFailed", len(failed))
    requests = {insert.short_text("request_id") or "" for insert in inserts}
    logger.info("records enriched", extra={"request_ids": sorted(requests)})
    return {
        "batchItemFailures": [
            {"itemIdentifier": insert.sequence_number} for insert in failed
        ]
    }


def process(inserts: Sequence[Insert]) -> list[Insert]:
    """Enriches and forwards the good, puts the poison aside, returns the failed.

    An insert is forwarded whenever it is processed, also where an earlier attempt has
    written its row and died: a message may come twice and is never left out.
    """
    good, poison = separate(inserts)
    enriched, failed, reasons = enrich_symbols(good)
    unwritten, invalid = write(enriched)
    failed |= unwritten
    reasons |= invalid
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
            isolated(partial(check, insert), sequence_number=insert.sequence_number)
            good.append(insert)
        except InvalidValue as bad:
            poison.append((insert, bad.reason))
    return good, poison


def enrich_symbols(
    inserts: Sequence[Insert],
) -> tuple[list[Enriched], set[str], dict[Key, str]]:
    """The rows that the inserts affect, the symbols that could not be read, and why an
    insert can never be enriched.
    """
    by_symbol: dict[str, list[Insert]] = defaultdict(list)
    for insert in inserts:
        by_symbol[insert.symbol].append(insert)

    enriched: list[Enriched] = []
    failed: set[str] = set()
    reasons: dict[Key, str] = {}
    groups = list(by_symbol.items())
    for (symbol, group), outcome in zip(
        groups, concurrently(enrich_symbol, groups), strict=True
    ):
        if isinstance(outcome, list):
            enriched += outcome
        elif isinstance(outcome, InvalidValue):
            reasons |= {insert.key: outcome.reason for insert in group}
        else:
            failed.add(symbol)
    return enriched, failed, reasons


def enrich_symbol(
    group: tuple[str, Sequence[Insert]],
) -> list[Enriched] | InvalidValue | None:
    """The rows that one symbol's inserts affect; else why they never can be enriched,
    or None where they cannot be read now.
    """
    symbol, inserts = group
    keys = [insert.timestamp for insert in inserts]
    work = partial(enrich, history, symbol, keys, VOLATILITY_WINDOW)
    try:
        return isolated(lambda: list(work()), symbol=symbol)
    except AWS_ERRORS:
        logger.exception("symbol not read", extra={"symbol": symbol})
        return None
    except InvalidValue as bad:
        return bad


def write(enriched: Sequence[Enriched]) -> tuple[set[str], dict[Key, str]]:
    """Writes what has changed; returns the symbols to try again, and why a row can
    never take its values (another producer's may be too large for them).
    """
    refusals = rows.write([entry for entry in enriched if entry.changed])
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
    refused = market_data_queue.send_grouped(
        [market_data(insert, values[insert.key]) for insert in there],
        groups=[insert.symbol for insert in there],
    )
    count("TicksEnriched", len(there))
    count("TicksCorrected", sum(entry.corrected for entry in enriched))
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
