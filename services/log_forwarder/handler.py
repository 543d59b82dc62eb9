"""log-forwarder: publish log lines that contain an error to pipeline-errors.

Its own log group has no subscription; its failures are shown by its alarm.
"""

import os
from typing import Any

from services.aws.clients import client
from services.aws.isolation import isolated
from services.aws.telemetry import count, logger, metrics
from services.aws.topics import Topic
from services.log_forwarder.lines import notifications, read_lines, unreadable
from services.market.errors import InvalidValue, Unavailable

pipeline_errors = Topic(client("sns"), os.environ["PIPELINE_ERRORS_TOPIC_ARN"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: Any) -> None:
    try:
        lines = isolated(lambda: read_lines(event))
    except InvalidValue as bad:
        lines = unreadable(event, bad.reason)

    refused = pipeline_errors.publish(notifications(lines))

    if refused:
        raise Unavailable("PublishBatch", "Failed", len(refused))
    count("LinesForwarded", len(lines.events))
    logger.info("lines forwarded", extra={"lines": len(lines.events)})
