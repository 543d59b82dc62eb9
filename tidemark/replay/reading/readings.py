"""Read files as ticks, line by line; both `read` and `demo` use this.

reading = read(["BTCUSDT-trades-2024-01.zip"], {"ZONE": "UTC"})
for item in reading: ...   # Trade, Problem or LeftOut, in the order of the lines
reading.summaries          # one for each file or member, complete when read
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tidemark.replay.reading import documents
from tidemark.replay.reading.occurrences import Occurrences
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import Settings, parse_settings
from tidemark.replay.reading.sources.opened import Source, sources
from tidemark.replay.reading.sources.texts import Text
from tidemark.replay.reading.summaries import Summary
from tidemark.replay.reading.ticks import Item, Problem, Trade, with_id


@dataclass(slots=True)
class Reading:
    """The reading of some files; iterate over it once.

    `source` is the one that is being read; `summaries` has those that were begun.
    """

    names: Sequence[str]
    settings: Settings
    now_ms: int
    summaries: list[Summary] = field(default_factory=list)
    source: Source | None = None

    def __iter__(self) -> Iterator[Item]:
        for name in self.names:
            for source in sources(name):
                if isinstance(source, Refusal):
                    yield self._refused(Summary(source.label or name), source)
                else:
                    self.source = source
                    yield from self._items(source)

    @property
    def is_complete(self) -> bool:
        """Return True if every line of every file was read or harmlessly skipped."""
        return all(summary.is_complete for summary in self.summaries)

    @property
    def progress(self) -> tuple[int, int]:
        """The bytes read of the current file, and its size."""
        if self.source is None:
            return 0, 0
        return self.source.handle.position, self.source.handle.size

    def _items(self, source: Source) -> Iterator[Item]:
        summary = Summary(source.label)
        try:
            text = Text(source)
            document = documents.recognise(
                text, source.names, self.settings, self.now_ms
            )
            summary.format, summary.notes = document.format, document.notes
            self.summaries.append(summary)
            for item in _distinct(document.items(), counted=document.counts_equals):
                summary.add(item)
                yield item
            for item in _end(text, summary):
                summary.add(item)
                yield item
        except Refusal as refusal:
            yield self._refused(summary, refusal)

    def _refused(self, summary: Summary, refusal: Refusal) -> Problem:
        summary.refusal = str(refusal)
        if summary not in self.summaries:
            self.summaries.append(summary)
        return Problem(0, str(refusal))


def read(names: Sequence[str], settings: Mapping[str, str] | Settings) -> Reading:
    """Begin to read files, `-` for standard input. Raises `Refusal` for bad options."""
    known = settings if isinstance(settings, Settings) else parse_settings(settings)
    return Reading(names, known, time.time_ns() // 10**6)


def _distinct(items: Iterator[Item], *, counted: bool) -> Iterator[Item]:
    """Yield the same items, with ids for equal ticks that have none."""
    occurrences = Occurrences()
    try:
        for item in items:
            yield _told_apart(item, occurrences) if counted else item
    finally:
        occurrences.close()


def _told_apart(item: Item, occurrences: Occurrences) -> Item:
    if not isinstance(item, Trade) or item.tick.trade_id is not None:
        return item
    # An equal ticker is a repetition; so is an equal tick without a time.
    if item.tick.kind != "trade" or item.tick.receipt:
        return item
    again = occurrences.id_of(item.tick)
    return item if again is None else with_id(item, again)


def _end(text: Text, summary: Summary) -> Iterator[Item]:
    if text.cut is not None:
        yield Problem(0, text.cut)
    elif not summary.lines:
        yield Problem(0, "there is no row in it")
