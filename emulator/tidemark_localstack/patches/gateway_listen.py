"""LocalStack listens on every interface, whatever GATEWAY_LISTEN says, and says
`Ready.` even where it could not listen. Here it listens on the named host, or ends.

localstack/runtime/server/twisted.py
"""

import sys
from typing import Any

from localstack import config
from localstack.runtime.server import twisted as server

from tidemark_localstack import serve
from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(server.endpoints.TCP4ServerEndpoint, "listen", listen)


def listen(original: Any, self: Any, factory: Any) -> Any:
    self._interface = config.GATEWAY_LISTEN[0].host
    return original(self, factory).addErrback(give_up)


def give_up(failure: Any) -> None:
    print(f"tidemark: {failure.getErrorMessage()}", file=sys.stderr)
    serve.end(serve.PORT_TAKEN)
