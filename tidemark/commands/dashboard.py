"""`make dashboard`: a live page about prices and the pipeline, until Ctrl-C."""

import socket
from contextlib import suppress
from typing import Annotated

import typer
import uvicorn

from infra.settings import load_settings
from tidemark.dashboard import chart_library, server
from tidemark.dashboard.readers import Readers
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.terminal import console

HOST = "127.0.0.1"
PORT = 4580
LONGEST_END_S = 5


def command(
    port: Annotated[int, typer.Option(min=1, max=65535)] = PORT,
) -> None:
    """Serve a live page about prices, the pipeline, alerts and costs."""
    readers = Readers.of(Environment(load_settings()))
    library = chart_library.install(console.progress())
    with _listening(port) as listener:
        app = server.application(readers, port=port, library=library)
        typer.echo(f"http://{HOST}:{port}/ until Ctrl-C")
        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=LONGEST_END_S, ws="none"
        )
        with suppress(KeyboardInterrupt):  # uvicorn raises it again when it has ended
            Server(config, readers).run(sockets=[listener])


class Server(uvicorn.Server):
    """uvicorn's server, which ends the pages' streams before it waits for their end."""

    def __init__(self, config: uvicorn.Config, readers: Readers) -> None:
        super().__init__(config)
        self._readers = readers

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then whatever else is open."""
        self._readers.closing.set()
        await super().shutdown(sockets)


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise ToolError(
            f"Port {port} is taken by another program: choose another one with "
            f"`make dashboard PORT={port + 1}`."
        ) from error
    return listener
