"""Tidemark's own JSON form, as lines or as a document: ticks, lists, or `prices`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.exchanges import canonical
from services.market.exact_json import Json
from tidemark.replay.reading.json_documents import Value
from tidemark.replay.reading.refusals import BadLine
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.tables.shared_values import DEFAULT_EXCHANGE
from tidemark.replay.reading.ticks import Item, Problem, judge_element
from tidemark.replay.reading.values import file_names, symbols


def is_canonical(head: Sequence[Json]) -> bool:
    """Return True if one of the first values is a tick in Tidemark's own form."""
    for value in head:
        for element in _ticks(value):
            keys = element.keys() if isinstance(element, dict) else set()
            if "price" in keys and keys <= canonical.FIELDS:
                return True
    return False


@dataclass(frozen=True, slots=True)
class Canonical:
    """A reader of canonical ticks; `has_time` is False if no tick in the file has a
    time.
    """

    settings: Settings
    names: Sequence[str]
    has_time: bool
    now_ms: int

    def items(self, values: Iterator[Value]) -> Iterator[Item]:
        """Yield the items of each value."""
        count = 0
        for number, value in values:
            if isinstance(value, BadLine):
                yield Problem(number, str(value))
                continue
            for element in _ticks(value):
                count += 1
                try:
                    yield judge_element(
                        self._filled(element, count), number, self.now_ms
                    )
                except BadLine as problem:
                    yield Problem(number, str(problem))

    def _filled(self, element: Json, count: int) -> Json:
        if not isinstance(element, dict):
            return element
        given: dict[str, Json] = {
            name: value for name, value in element.items() if value is not None
        }
        if "timestamp" not in given:
            if self.has_time:
                raise BadLine("timestamp: is missing, although other lines have one")
            ns = self.now_ms * 10**6 + count
            given["timestamp"] = str(ns)
        self._fill(given, "exchange", self.settings.exchange, DEFAULT_EXCHANGE)
        symbol = self.settings.symbol
        self._fill(given, "symbol", symbol, file_names.in_names(self.names))
        if "symbol" not in given:
            raise BadLine("symbol: is missing: add SYMBOL=BTC-USD or the like")
        return given

    @staticmethod
    def _fill(
        given: dict[str, Json], name: str, setting: str | None, default: str | None
    ) -> None:
        own = given.get(name)
        if own is None:
            if setting or default:
                given[name] = setting or default
        elif setting and isinstance(own, str) and not symbols.same(own, setting):
            raise BadLine(
                f"{name}: the line has {own!r:.40}, but {name.upper()}= is {setting}"
            )


def _ticks(value: Json) -> list[Json]:
    match value:
        case {"prices": list(ticks), **others} if not others:
            return ticks
        case list():
            return value
        case _:
            return [value]
