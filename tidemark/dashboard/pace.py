"""How often the dashboard reads. On AWS, a request costs money, and little changes.

Requests a minute on AWS while a page is open: for each open page, 30 for the newest
ticks, 10 for a part of the range, 6 for alerts; for all pages together, 6 readings of
six queues and of ten symbols with two requests each, 156; one for each symbol every
five minutes; one each for metrics and alarms.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between readings, and how much of something is read each time."""

    prices_s: float
    sweep_every: int  # polls of prices
    alerts_every: int  # polls of prices
    board_s: float
    symbols_per_reading: int
    symbols_s: float
    alarms_s: float


LOCAL = Pace(1.0, 1, 2, 2.0, 6, 15.0, 15.0)
AWS = Pace(2.0, 3, 5, 10.0, 10, 300.0, 60.0)
