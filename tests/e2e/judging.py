"""What data-processor has judged, by its log, which has a line for each finished batch.

A tick's row is enriched before its message is sent, and several processes judge at a
time, so that nothing else tells when a tick is judged that raises no alert.
"""

import json
import time

from tests.e2e.pipeline import Pipeline

# By any clock, nothing of this run is earlier.
BEGAN_MS = time.time_ns() // 1_000_000 - 300_000


def judged(pipeline: Pipeline, symbol: str) -> int:
    """Return how many ticks of the symbol are judged; one that came again is two."""
    pages = (
        pipeline.clients("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=f"/aws/lambda/{pipeline.outputs['data_processor_name']}",
            startTime=BEGAN_MS,
            filterPattern=f'"messages processed" "{symbol}"',
        )
    )
    lines = [json.loads(event["message"]) for page in pages for event in page["events"]]
    spans = [span for line in lines for span in line.get("judged", [])]
    return sum(span["count"] for span in spans if span["symbol"] == symbol)
