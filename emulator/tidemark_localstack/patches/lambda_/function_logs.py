"""Write a function's log events as they are.

LocalStack: cuts the output at line breaks, gives all lines one time, and calls its own
API to write them.
AWS: keeps each event with its time and its lines. Lambda writes them with the
function's role, and so the calls are recorded here.

localstack/services/lambda_/invocation/logs.py, version_manager.py
"""

import logging
from typing import Any

from localstack.services.lambda_.invocation import logs
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.services.logs.models import get_moto_logs_backend

from tidemark_localstack.call_recording.record import Call, of_this_cloud
from tidemark_localstack.functions.model import LogEvent
from tidemark_localstack.patches.patching import replace

LOG = logging.getLogger(__name__)


def apply() -> None:
    replace(LambdaVersionManager, "store_logs", store_logs)
    replace(logs.LogHandler, "run_log_loop", run_log_loop)


def store_logs(
    manager: LambdaVersionManager, invocation_result: Any, execution_env: Any
) -> None:
    manager.log_handler.add_logs(
        logs.LogItem(
            execution_env.get_log_group_name(),
            execution_env.get_log_stream_name(),
            invocation_result.events,
        )
    )


def run_log_loop(handler: logs.LogHandler, *args: Any) -> None:
    account = handler.role_arn.split(":")[4]
    backend = get_moto_logs_backend(account, handler.region)
    begun: set[str] = set()
    while (item := handler.log_queue.get()) is not logs.QUEUE_SHUTDOWN:
        try:
            write(backend, item, begun, role=handler.role_arn)
        except Exception:
            LOG.warning("Cannot write to %s", item.log_group, exc_info=True)


def write(backend: Any, item: logs.LogItem, begun: set[str], *, role: str) -> None:
    """Append events. `begun` are the streams that exist; a deleted group stays so."""
    events: tuple[LogEvent, ...] = item.logs
    if item.log_stream not in begun:
        begun.add(item.log_stream)
        create_stream(backend, item.log_group, item.log_stream, role)
    if item.log_group in backend.groups:
        backend.put_log_events(
            item.log_group,
            item.log_stream,
            [{"timestamp": e.timestamp_ms, "message": e.message} for e in events],
        )


def create_stream(backend: Any, group_name: str, stream_name: str, role: str) -> None:
    record = of_this_cloud()
    if group_name not in backend.groups:
        group = backend.create_log_group(group_name, {})
        record.note(Call(role, "logs:CreateLogGroup", f"{group.arn}:log-stream:"))
    group = backend.groups[group_name]
    group.create_log_stream(stream_name)
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        record.note(Call(role, action, group.streams[stream_name].arn))
