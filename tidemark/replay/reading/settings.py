"""The settings that a user adds for a file: `TIME=`, `SYMBOL=`, `DECIMAL=`, …

They come from the environment or from a command line, as text, and are checked before
any file is opened.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import tzinfo

from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.values.intervals import Interval, parse_interval
from tidemark.replay.reading.values.zones import parse_zone

ORDERS = ("dmy", "mdy", "ymd")
MARKS = (".", ",")
COLUMNS = ("time", "price", "volume", "side", "id")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user says about all files of one reading; None if nothing is said.

    `columns` names the columns of `COLUMNS`, by header name or by position from 1.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    symbol: str | None = None
    exchange: str | None = None
    zone: tzinfo | None = None
    dates: str | None = None
    decimal: str | None = None
    interval: Interval | None = None
    market: str | None = None


NAMES = (
    *(name.upper() for name in COLUMNS),
    *(f.name.upper() for f in fields(Settings) if f.name != "columns"),
)


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings among the variables of an environment."""
    return {name: environment[name] for name in NAMES if name in environment}


def parse_settings(given: Mapping[str, str]) -> Settings:
    """Check settings, by their names in any case; empty ones count as not set.

    Raises `Refusal` for an invalid value.
    """
    said = {name.lower(): text.strip() for name, text in given.items() if text.strip()}
    if unknown := sorted(name for name in said if name.upper() not in NAMES):
        raise Refusal(f"{unknown[0].upper()}= is not a setting of this command.")
    zone, interval = said.get("zone"), said.get("interval")
    return Settings(
        columns={name: said[name] for name in COLUMNS if name in said},
        symbol=said.get("symbol"),
        exchange=said.get("exchange"),
        zone=None if zone is None else _zone(zone),
        dates=_one_of("dates", said.get("dates"), ORDERS),
        decimal=_one_of("decimal", said.get("decimal"), MARKS),
        interval=None if interval is None else _interval(interval),
        market=said.get("market"),
    )


def _one_of(name: str, given: str | None, choices: tuple[str, ...]) -> str | None:
    if given is None or (known := given.lower()) in choices:
        return None if given is None else known
    listed = " or ".join(choices)
    raise Refusal(f"{name.upper()}={given} is not valid: use {listed}.")


def _zone(given: str) -> tzinfo:
    zone = parse_zone(given)
    if zone is None:
        raise Refusal(
            f"ZONE={given} is not a time zone: write ZONE=UTC, ZONE=+01:00 or a name "
            "such as ZONE=Europe/Madrid."
        )
    return zone


def _interval(given: str) -> Interval:
    interval = parse_interval(given)
    if interval is None or not re.match(r"\d", given):
        raise Refusal(f"INTERVAL={given} is not valid: write 1m, 4h, 1d, 1w or 1M.")
    return interval
