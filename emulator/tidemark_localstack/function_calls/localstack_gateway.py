"""Call LocalStack's handlers inside this process, without its web server."""

from urllib.parse import unquote

from localstack.http import Request as LocalStackRequest
from localstack.http import Response as LocalStackResponse
from localstack.runtime import get_current_runtime

from tidemark_localstack.http_messages import Request, Response

# They are about a connection; the length is added when the answer is sent.
NOT_PASSED_ON = frozenset({"connection", "content-length", "transfer-encoding"})


def call(request: Request) -> Response:
    """Return LocalStack's answer. Its handlers block: call this in a thread."""
    path, _, query = request.path.partition("?")
    inner = LocalStackRequest(
        method=request.method,
        path=unquote(path),
        raw_path=path,
        query_string=query,
        headers=request.headers,
        body=request.body,
    )
    response = LocalStackResponse()
    get_current_runtime().components.gateway.process(inner, response)
    return Response(
        response.status,
        response.get_data(),
        tuple(
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in NOT_PASSED_ON
        ),
    )
