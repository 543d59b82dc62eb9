"""LocalStack's API Gateway calls the integrated service over HTTP, at its own port.
Here the request takes the short way, as its own clients do (`IN_MEMORY_CLIENT`). An
invocation that Lambda refuses was answered as if it had been taken; AWS answers 500.

localstack/services/apigateway/next_gen/execute_api/integrations/aws.py
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from localstack.http import Request, Response
from localstack.runtime import get_current_runtime
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    IntegrationFailureError,
)
from localstack.services.apigateway.next_gen.execute_api.integrations import aws

from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(aws, "requests", SimpleNamespace(request=request))


def request(
    *, method: str, url: str, params: Any, headers: Any, data: Any = b""
) -> SimpleNamespace:
    """What `requests.request` would return, of which it is used for three things."""
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
    if path.endswith("/invocations") and response.status_code >= 400:
        raise IntegrationFailureError("Internal server error")
    return SimpleNamespace(
        content=response.get_data(),
        status_code=response.status_code,
        headers=response.headers,
    )
