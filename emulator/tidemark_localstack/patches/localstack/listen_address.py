"""Listen on the configured address, or stop.

LocalStack: listens on all interfaces whatever GATEWAY_LISTEN says, and prints `Ready.`
even if it could not listen.
Here: listens on the host in GATEWAY_LISTEN, and exits if it cannot.

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
    # The endpoints of IPv6 have their host already.
    hosts = (each.host for each in config.GATEWAY_LISTEN)
    self._interface = next(h for h in hosts if not config.is_ipv6_address(h))
    return original(self, factory).addErrback(exit_with_reason)


def exit_with_reason(failure: Any) -> None:
    print(f"tidemark: {failure.getErrorMessage()}", file=sys.stderr)
    serve.exit_now(serve.PORT_TAKEN)
