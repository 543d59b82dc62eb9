"""Removal of a test run's data from an environment that others go on using."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from tests.e2e import identifiers
from tests.e2e.pipeline import Pipeline

BATCH = 25


def remove_data(pipeline: Pipeline) -> bool:
    """Remove the rows and dead letters of this run.

    Returns True if there was no row. Otherwise raises an AssertionError that names the
    rows, for `eventually` to call it again: a batch may leave rows unprocessed, and
    messages that are still under way make new ones.
    """
    for mailbox in pipeline.mailboxes.values():
        mailbox.find(identifiers.RUN_NUMBER)
    found = {name: list(_keys(pipeline, name)) for name in ("prices", "alerts")}
    for name, keys in found.items():
        _delete(pipeline, pipeline.outputs[f"{name}_table_name"], keys)
    assert found == {"prices": [], "alerts": []}
    return True


def _keys(pipeline: Pipeline, name: str) -> Iterator[dict[str, Any]]:
    rows = {"prices": pipeline.ticks, "alerts": pipeline.alerts}[name]
    for symbol in identifiers.symbols:
        for row in rows(symbol):
            timestamp = {"N": f"{row['timestamp']:f}"}
            yield {"symbol": {"S": symbol}, "timestamp": timestamp}


def _delete(pipeline: Pipeline, table: str, keys: list[dict[str, Any]]) -> None:
    for batch in batched(keys, BATCH, strict=False):
        requests = [{"DeleteRequest": {"Key": key}} for key in batch]
        pipeline.clients("dynamodb").batch_write_item(RequestItems={table: requests})
