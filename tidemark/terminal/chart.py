"""Draw a symbol's prices over time in the terminal, with its marks."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import plotext  # type: ignore[import-untyped]  # it has no types

type Point = tuple[int, Decimal]
type Labels = list[tuple[float, str]]

WIDE = 20  # ratio of highest to lowest price above which the scale is logarithmic
ALERT = "▲"
MINUTE_MS, DAY_MS = 60_000, 86_400_000


def draw(
    title: str,
    points: Sequence[Point],
    *,
    marks: Sequence[Decimal],
    width: int,
    alerts: Sequence[Point] = (),
) -> str:
    """Return the chart as text; `points` are times in ms and prices, in time order, and
    so are `alerts`, which are drawn as triangles.
    """
    first_ms = points[0][0]
    # Where no tick of the axis is at an end of the prices, plotext draws from 0 on.
    times = [ms - first_ms for ms, _ in points]
    prices = [float(price) for _, price in points]
    lowest, highest = min(prices), max(prices)
    near = [float(mark) for mark in marks if lowest / 2 <= mark <= highest * 2]
    wide = highest > WIDE * lowest
    scale = math.log10 if wide else float
    steps = _powers(lowest, highest) if wide else _even(lowest, highest, 5)

    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, 20)
    figure.title(title)
    _label("y", [(scale(price), f"{price:,.6g}") for price in {*steps, *near}])
    _label("x", _time_labels(first_ms, points[-1][0]))
    for mark in near:
        ends = [times[0], times[-1]]
        figure.draw(figure.signal(ends, [scale(mark)] * 2, marker="·").lines())
    figure.draw(figure.signal(times, [scale(price) for price in prices]).lines())
    if alerts:
        raised = [scale(float(price)) for _, price in alerts]
        at = [ms - first_ms for ms, _ in alerts]
        figure.draw(figure.signal(at, raised, marker=ALERT))
    return str(figure.build().string(colorless=True))


def _label(axis: str, labels: Labels) -> None:
    positions, texts = zip(*sorted(labels), strict=True)
    plotext.figure.ruler(axis).ticks(list(positions), list(texts))


def _powers(lowest: float, highest: float) -> list[float]:
    first, last = math.ceil(math.log10(lowest)), math.floor(math.log10(highest))
    return [10.0**power for power in range(first, last + 1)]


def _even(first: float, last: float, count: int) -> list[float]:
    return [first + (last - first) * i / (count - 1) for i in range(count)]


def _time_labels(first_ms: int, last_ms: int) -> Labels:
    span = last_ms - first_ms
    style = "%H:%M:%S"
    for longer_than, coarser in (
        (10 * MINUTE_MS, "%H:%M"),
        (3 * DAY_MS, "%m-%d"),
        (120 * DAY_MS, "%Y-%m"),
    ):
        style = coarser if span > longer_than else style
    return [
        (ms - first_ms, datetime.fromtimestamp(ms / 1000, UTC).strftime(style))
        for ms in _even(first_ms, last_ms, 6)
    ]
