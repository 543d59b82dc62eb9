"""A symbol's prices in few points, which look like all of them in a chart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import batched

from services.rules.firing import Point

MOST_GROUPS = 500  # an even number


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring ticks by their lowest and highest price, and one with an alert."""

    lowest: Point
    highest: Point
    alert: Point | None

    def and_(self, other: "Group") -> "Group":
        """Both groups as one."""
        return Group(
            min(self.lowest, other.lowest, key=_price),
            max(self.highest, other.highest, key=_price),
            self.alert or other.alert,
        )


@dataclass(slots=True)
class Sketch:
    """Groups of equally many ticks; as they become too many, pairs of them are one."""

    groups: list[Group] = field(default_factory=list)
    size: int = 1
    free: int = 0

    def add(self, point: Point, *, alert: bool) -> None:
        """Add a tick, which comes after the others, and whether it raises an alert."""
        group = Group(point, point, point if alert else None)
        if self.free:
            self.groups[-1] = self.groups[-1].and_(group)
            self.free -= 1
            return
        if len(self.groups) == MOST_GROUPS:
            pairs = batched(self.groups, 2, strict=True)
            self.groups = [first.and_(second) for first, second in pairs]
            self.size *= 2
        self.groups.append(group)
        self.free = self.size - 1

    def points(self) -> Iterator[Point]:
        """The ticks to draw, in order."""
        for group in self.groups:
            yield from sorted({group.lowest, group.highest}, key=lambda p: p.order)

    def alerts(self) -> Iterator[Point]:
        """The alerts to draw, in order."""
        yield from (group.alert for group in self.groups if group.alert is not None)


def _price(point: Point) -> Decimal:
    return point.price
