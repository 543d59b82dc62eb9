"""Call the integrated service inside this process.

LocalStack: calls it over HTTP on its own port, and answers as if Lambda had accepted an
invocation that it refused.
AWS: answers 413 if the payload is too large for Lambda, and 500 if Lambda refuses it
for another reason.
Here: does that, and calls the service without HTTP, as LocalStack's own clients do
(`IN_MEMORY_CLIENT`).

localstack/services/apigateway/next_gen/execute_api/integrations/aws.py
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from localstack.http import Request, Response
from localstack.runtime import get_current_runtime
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    IntegrationFailureError,
    RequestTooLargeError,
)
from localstack.services.apigateway.next_gen.execute_api.integrations import aws

from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(aws, "requests", SimpleNamespace(request=request))


def request(
    *, method: str, url: str, params: Any, headers: Any, data: Any = b""
) -> SimpleNamespace:
    """Return the attributes of a `requests.Response` that the integration uses."""
    path = urlsplit(url).path or "/"
    inner = Request(
        method=method,
        path=unquote(path),
        raw_path=path,
        query_string=urlencode(params, doseq=True),
        headers=headers,
        body=data or b"",
    )
    response = Response()
    get_current_runtime().components.gateway.process(inner, response)
    if path.endswith("/invocations"):
        raise_if_refused(response.status_code)
    return SimpleNamespace(
        content=response.get_data(),
        status_code=response.status_code,
        headers=response.headers,
    )


def raise_if_refused(status_code: int) -> None:
    if status_code == 413:
        raise RequestTooLargeError("Request Too Long")
    if status_code >= 400:
        raise IntegrationFailureError("Internal server error")
