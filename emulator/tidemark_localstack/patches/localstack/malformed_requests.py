"""Answer 400 to malformed requests.

LocalStack: answers 500 to an `Upgrade` header and to a target that is no URI, and
closes the connection on a header or path of more than 16 KiB.
AWS: answers 400. A REST API has no WebSockets, and ignores `Upgrade`.

rolo/serving/twisted.py, twisted/web/http.py
"""

from typing import Any

from rolo.serving.twisted import HeaderPreservingHTTPChannel, WebsocketResourceDecorator

from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(WebsocketResourceDecorator, "render", render)
    replace(HeaderPreservingHTTPChannel, "lineLengthExceeded", refuse)


def render(resource: Any, request: Any) -> Any:
    try:
        return resource.original.render(request)
    except ValueError:  # UnicodeDecodeError is one, too.
        request.setResponseCode(400)
        return b""


def refuse(channel: Any, line: bytes) -> None:
    channel._respondToBadRequestAndDisconnect()
