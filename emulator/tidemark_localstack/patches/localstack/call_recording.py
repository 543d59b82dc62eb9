"""Record the caller and the permissions of each call.

LocalStack: every caller may do everything, and no call is recorded.
AWS: checks each call against IAM and key policies.
Here: every call is recorded and counted. Policies are tested against the record, and
costs are computed from the counts.

localstack/aws/handlers/, localstack/services/internal.py
"""

from localstack.aws import handlers
from localstack.http import Resource
from localstack.services.internal import get_internal_apis

from tidemark_localstack.call_recording.handler import (
    Page,
    TrafficPage,
    count_rows,
    record,
)
from tidemark_localstack.call_recording.record import PATH
from tidemark_localstack.call_recording.traffic import PATH as TRAFFIC_PATH


def apply() -> None:
    handlers.serve_custom_service_request_handlers.append(record)
    handlers.run_custom_response_handlers.append(count_rows)
    get_internal_apis().add(Resource(PATH, Page()))
    get_internal_apis().add(Resource(TRAFFIC_PATH, TrafficPage()))
