"""Sample messages, written by us, and what the files of the venues say of them."""

import inspect
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Reading

FOLDER = Path(__file__).parents[2] / "payloads"
RECEIVED_AT_MS = 1_714_564_801_000
NOON_NS = 1_714_564_800 * 10**9
# What a message leaves out, and its URL says.
QUERIES = {"bybit": {"market": "linear"}, "bitfinex": {"symbol": "tBTCUSD"}}


def sample(exchange: str, name: str) -> str:
    return (FOLDER / exchange / f"{name}.json").read_text()


def samples(exchange: str) -> list[str]:
    return [path.read_text() for path in sorted((FOLDER / exchange).glob("*.json"))]


def examples(module: ModuleType) -> list[str]:
    """The indented paragraphs of a module's docstring."""
    lines = re.split(r"\n\n", inspect.cleandoc(module.__doc__ or ""))
    return [textwrap.dedent(part) for part in lines if part.startswith("    ")]


def read(
    exchange: str, text: str, query: Mapping[str, str] | None = None
) -> list[Reading]:
    """Read what is posted to the exchange, a second after noon of 1 May 2024."""
    hints = QUERIES.get(exchange, {}) if query is None else query
    body = text.encode()
    delivery = Delivery(body, exchange, RECEIVED_AT_MS, "request-1", hints)
    return list(registry.read(delivery))
