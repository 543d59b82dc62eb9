"""Where LocalStack 4.14 would let a bug through, or cannot run here: one module each.

A patch whose target is not there raises: another release cannot be half patched.
"""

from functools import cache
from importlib import import_module

from localstack.constants import VERSION

SUPPORTED = "4.14.0"


PATCHES = (
    "alarm_actions",
    "alarm_tags",
    "api_integration",
    "call_record",
    "dead_letters",
    "dynamodb_server",
    "failed_batches",
    "function_code",
    "function_key",
    "function_logs",
    "gateway_listen",
    "log_filters",
    "log_subscriptions",
    "mapping_pace",
    "one_account",
    "overhead",
    "queue_bodies",
    "service_loading",
    "store_attributes",
    "stream_reading",
)


@cache
def apply_all() -> None:
    """Apply every patch, once."""
    if VERSION != SUPPORTED:
        raise RuntimeError(f"LocalStack is {VERSION}, the patches are for {SUPPORTED}")
    for name in PATCHES:
        import_module(f"{__name__}.{name}").apply()
