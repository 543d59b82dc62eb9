"""Collect a batch for the whole batching window of its mapping.

LocalStack: invokes the function at the first message if the window is 20 s or less.
AWS: collects messages until the batch is full or its window has passed. Here: the same
for windows above a second. AWS requires a second of every mapping with batches above
ten; to wait for it would only delay each of their messages.

localstack/services/lambda_/event_source_mapping/pollers/sqs_poller.py
"""

from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller

from tidemark_localstack.patches.patching import replace

LONGEST_IGNORED_S = 1


def apply() -> None:
    # A receive that waits longer than this returns when it is full or its time is over.
    replace(sqs_poller, "DEFAULT_MAX_WAIT_TIME_SECONDS", LONGEST_IGNORED_S)
