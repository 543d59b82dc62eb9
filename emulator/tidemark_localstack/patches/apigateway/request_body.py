"""Read the body of a request within API Gateway's limits.

LocalStack: reads bodies of any size. It decodes gzip without a limit, answers 500 to
broken gzip, passes other codings on, and rebuilds the body of a form.
AWS: accepts 10 MiB, and as much as the integration accepts. It decodes gzip and
deflate, and answers 415 to any other coding and to a body that is not encoded as it
says.
Here: does that before anything else is done with the body, but for checking the API
key.

localstack/services/apigateway/next_gen/execute_api/handlers/, aws/handlers/codec.py
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
"""

from collections.abc import Mapping
from typing import Any

from localstack.aws.handlers.codec import ContentDecoder
from localstack.aws.handlers.cors import is_execute_api_call
from localstack.http import Request
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    RequestTooLargeError,
    UnsupportedMediaTypeError,
)
from localstack.services.apigateway.next_gen.execute_api.handlers import (
    method_request,
    parse,
)

from tidemark_localstack.content_coding import (
    BodyTooLarge,
    UnsupportedCoding,
    decode,
)
from tidemark_localstack.patches.lambda_.payload_limit import LARGEST_EVENT
from tidemark_localstack.patches.patching import replace, wrap

LARGEST_BODY = 10 * 2**20
INVOCATION_TYPE = "integration.request.header.X-Amz-Invocation-Type"


def apply() -> None:
    wrap(ContentDecoder, "__call__", decode_unless_for_an_api)
    replace(parse, "restore_payload", raw_body)
    wrap(method_request.MethodRequestHandler, "__call__", read_body_first)


def decode_unless_for_an_api(original: Any, decoder: Any, *args: Any) -> None:
    _chain, context, _response = args
    if not is_execute_api_call(context):
        original(decoder, *args)


def raw_body(request: Request) -> bytes:
    data: bytes = request.get_data()
    return data


def read_body_first(original: Any, handler: Any, *args: Any) -> None:
    _chain, context, _response = args
    request = context.invocation_request
    coding = request["headers"].get("Content-Encoding", "")
    limit = largest_body(context.integration)
    try:
        request["body"] = decode(request["body"], coding, limit=limit)
    except UnsupportedCoding as error:
        raise UnsupportedMediaTypeError("Unsupported Media Type") from error
    except BodyTooLarge as error:
        raise RequestTooLargeError("Request Too Long") from error
    original(handler, *args)


def largest_body(integration: Mapping[str, Any]) -> int:
    """Return the size above which a body cannot reach this integration."""
    parameters = integration.get("requestParameters") or {}
    asynchronous = parameters.get(INVOCATION_TYPE) == "'Event'"
    return LARGEST_EVENT if asynchronous else LARGEST_BODY
