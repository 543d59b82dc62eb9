"""Draw the figures of a run as SVG files, for docs/performance.md.

bin/tidemark python -m benchmarks.charts    # .tidemark/bench.json → docs/charts
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from benchmarks.report import FILE, shown
from tidemark.machine import paths

FOLDER = paths.ROOT / "docs" / "charts"
WIDTH, LABEL, BAR, GAP = 860, 330, 16, 8
COLOURS = {"Tidemark": "#1f6feb", "reference": "#d1762b", "floor": "#8b949e"}
TEXT = "#6e7781"
# File, title, and how the lines of the table begin that it shows.
CHARTS = (
    ("ticks", "Ticks kept a second", "ticks kept a second, "),
    ("writes", "Writes per tick", "writes per tick, "),
    ("dollars", "Dollars per million ticks", "dollars per million ticks, "),
)

type Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; the first of a group has the group's label."""

    label: str
    series: str
    value: float


def main() -> None:
    table = json.loads(FILE.read_text())["table"]
    FOLDER.mkdir(exist_ok=True)
    for name, title, prefix in CHARTS:
        chart = draw(title, bars(table, prefix))
        (FOLDER / f"{name}.svg").write_text(chart)


def bars(table: Sequence[Line], prefix: str) -> list[Bar]:
    """Return the bars of all systems in the lines that begin so."""
    found = []
    for line in table:
        if line["figure"].startswith(prefix):
            label = line["figure"].removeprefix(prefix)
            for series in COLOURS:
                if (value := line[series.lower()]) is not None:
                    found.append(Bar(label, series, value))
                    label = ""
    return found


def draw(title: str, bars: Sequence[Bar]) -> str:
    """Return a chart of horizontal bars, with their values at their ends."""
    longest = max(bar.value for bar in bars)
    scale = (WIDTH - LABEL - 80) / longest
    parts, y = [text(0, 18, title, weight="bold")], 30
    for bar in bars:
        y += GAP if bar.label else 0
        width = bar.value * scale
        parts += [
            text(0, y + 12, bar.label) if bar.label else "",
            f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR - 2}" '
            f'fill="{COLOURS[bar.series]}"/>',
            text(LABEL + width + 6, y + 12, shown(bar.value)),
        ]
        y += BAR
    y += 2 * GAP
    for place, (series, colour) in enumerate(COLOURS.items()):
        x = LABEL + place * 110
        parts += [
            f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>',
            text(x + 18, y + 11, series),
        ]
    size = f'width="{WIDTH}" height="{y + 24}" viewBox="0 0 {WIDTH} {y + 24}"'
    style = 'font-family="system-ui, sans-serif" font-size="13"'
    body = "\n".join(filter(None, parts))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n{body}\n</svg>\n'


def text(x: float, y: float, content: str, *, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{TEXT}" font-weight="{weight}">'
        f"{escape(content)}</text>"
    )


if __name__ == "__main__":
    main()
