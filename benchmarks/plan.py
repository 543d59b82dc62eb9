"""What one run of `make bench` measures."""

from dataclasses import dataclass

from benchmarks.load import Load

# More than either system can take.
UNBOUND = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """`alone`: loads of Tidemark. `compared`: loads of both systems, on tables with
    each number of `rows`. `warm_up`: loads of Tidemark and of the reference that come
    first and are not measured: processes start, and Java compiles its code. `alerts`:
    how many are timed. `floor_ticks`: the ticks that each measurement of the floor
    writes.
    """

    warm_up: tuple[Load, Load]
    alone: tuple[Load, ...]
    compared: tuple[Load, ...]
    rows: tuple[int, ...]
    alerts: int
    floor_ticks: int


FULL = Plan(
    warm_up=(Load(100, 8, 6000, UNBOUND), Load(1, 8, 50, 100)),
    alone=(Load(100, 1, 3000, UNBOUND), Load(100, 8, 3000, UNBOUND)),
    compared=(Load(1, 8, 200, 100), Load(10, 8, 200, 300), Load(100, 8, 300, 1000)),
    rows=(0, 100_000),
    alerts=100,
    floor_ticks=1500,
)
QUICK = Plan(
    warm_up=(Load(100, 8, 1000, UNBOUND), Load(1, 8, 20, 100)),
    alone=(Load(100, 1, 500, UNBOUND), Load(100, 8, 1000, UNBOUND)),
    compared=(Load(1, 8, 100, 100), Load(100, 8, 200, 1000)),
    rows=(0,),
    alerts=10,
    floor_ticks=500,
)
