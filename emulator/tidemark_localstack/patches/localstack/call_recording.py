"""Record the caller and the permissions of each call.

LocalStack: every caller may do everything, and no call is recorded.
AWS: checks each call against IAM and key policies.
Here: every call is recorded, and policies are tested against the record.

localstack/aws/handlers/, localstack/services/internal.py
"""

from localstack.aws import handlers
from localstack.http import Resource
from localstack.services.internal import get_internal_apis

from tidemark_localstack.call_recording.handler import Page, record
from tidemark_localstack.call_recording.record import PATH


def apply() -> None:
    handlers.serve_custom_service_request_handlers.append(record)
    get_internal_apis().add(Resource(PATH, Page()))
