"""Fixes of LocalStack 4.14: where it differs from AWS, or cannot run here.

One module per difference, in a folder per service. Its docstring says what LocalStack
does, what AWS does, and which of LocalStack's files it changes. A patch whose target is
missing raises an error, so that no other release is patched in part.
"""

import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import version

SUPPORTED = "4.14.0"

# In this order: what the others import already asks for the `service_index`;
# `mapping_pace` polls repeatedly, and `stream_reading` notes what was read: they wrap
# what `concurrent_batches` and `direct_stream_reads` have wrapped.
PATCHES = (
    "localstack.service_index",
    "apigateway.gateway_responses",
    "apigateway.integration",
    "apigateway.request_body",
    "apigateway.request_validation",
    "cloudwatch.alarm_actions",
    "cloudwatch.alarm_tags",
    "dynamodb.answers",
    "dynamodb.server",
    "lambda_.batching_window",
    "lambda_.concurrent_batches",
    "lambda_.dead_letters",
    "lambda_.direct_stream_reads",
    "lambda_.environments",
    "lambda_.event_queue",
    "lambda_.failed_batches",
    "lambda_.function_code",
    "lambda_.function_key",
    "lambda_.function_logs",
    "lambda_.mapping_pace",
    "lambda_.metrics",
    "lambda_.payload_limit",
    "lambda_.queue_messages",
    "lambda_.stream_batches",
    "lambda_.stream_reading",
    "localstack.call_recording",
    "localstack.fault_injection",
    "localstack.listen_address",
    "localstack.malformed_requests",
    "localstack.one_account",
    "localstack.overhead",
    "localstack.service_loading",
    "localstack.store_attributes",
    "logs.filter_patterns",
    "logs.retention",
    "logs.subscriptions",
    "s3.storage",
)
# Without these, mappings poll at LocalStack's own pace, for benchmarks.
PACE = frozenset(
    {
        "lambda_.concurrent_batches",
        "lambda_.direct_stream_reads",
        "lambda_.mapping_pace",
    }
)


def chosen(environment: Mapping[str, str]) -> list[str]:
    """Return the patches to apply, in order."""
    left_out = PACE if environment.get("TIDEMARK_STOCK_PACE") else ()
    return [name for name in PATCHES if name not in left_out]


@cache
def apply_all() -> None:
    """Apply the patches, once."""
    found = version("localstack-core")
    if found != SUPPORTED:
        raise RuntimeError(f"LocalStack is {found}, but the patches need {SUPPORTED}")
    for name in chosen(os.environ):
        import_module(f"{__name__}.{name}").apply()
