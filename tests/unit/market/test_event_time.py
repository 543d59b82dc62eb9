from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market.errors import InvalidValue
from services.market.event_time import iso, key_ns, parse_event_time, parse_key
from services.market.tick import Tick
from tests.unit.strategies import ticks, times_ns

NOON = 1_709_294_400  # 2024-03-01T12:00:00Z
NOON_NS = NOON * 10**9
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(times_ns)
def test_seconds_ms_us_and_ns_are_told_apart(time_ns: int) -> None:
    seconds, ms, us = (f"{Decimal(time_ns).scaleb(-n):f}" for n in (9, 6, 3))

    assert parse_event_time(seconds) == time_ns
    assert parse_event_time(ms) == time_ns
    assert parse_event_time(us) == time_ns
    assert parse_event_time(str(time_ns)) == time_ns


@pytest.mark.parametrize(
    ("epoch", "time_ns"),
    [
        ("0", 0),
        ("99999999999.999999999", 10**20 - 1),
        ("100000000000", 10**17),
        ("99999999999999.999999", 10**20 - 1),
        ("100000000000000", 10**17),
        ("99999999999999999.999", 10**20 - 1),
        ("100000000000000000", 10**17),
        ("99999999999999999999", 10**20 - 1),
    ],
)
def test_a_unit_ends_where_the_next_one_begins(epoch: str, time_ns: int) -> None:
    assert parse_event_time(epoch) == time_ns


@given(times_ns)
def test_a_number_is_the_same_time_as_its_text(time_ns: int) -> None:
    ms = Decimal(time_ns).scaleb(-6)

    assert parse_event_time(ms) == parse_event_time(str(ms)) == time_ns


@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2286, 1, 1)),
    zone=ZONES,
    below_us=st.integers(0, 999),
)
def test_an_iso_time_in_any_zone_is_the_same_time_as_its_epoch(
    moment: datetime, zone: timezone, below_us: int
) -> None:
    moment = moment.replace(tzinfo=UTC)
    us = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    local = moment.astimezone(zone).isoformat(timespec="microseconds")
    text = f"{local[:26]}{below_us:03d}{local[26:]}"

    assert parse_event_time(text) == us * 1000 + below_us


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-01T12:00:00Z",
        "2024-03-01T12:00:00",
        "2024-03-01 12:00:00+00:00",
        "2024-03-01T12:00Z",
        "2024-03-01T12",
        "2024-03-01T14:00:00+02:00",
        "2024-03-01T06:30:00-0530",
        "20240301T120000Z",
        "20240301T1200Z",
        "2024-03-01T13+01",
        str(NOON),
        f"{NOON}.000",
        f"{NOON}000",
        Decimal(NOON),
        Decimal("1.7092944e9"),
    ],
)
def test_every_form_of_a_time_is_understood(value: object) -> None:
    assert parse_event_time(value) == NOON_NS


@pytest.mark.parametrize(
    ("text", "fraction_ns"),
    [
        ("2024-03-01T12:00:00.1Z", 100_000_000),
        ("2024-03-01T12:00:00,123Z", 123_000_000),
        ("2024-03-01 12:00:00.123456+00:00", 123_456_000),
        ("20240301T120000.123456789Z", 123_456_789),
        ("2024-03-01T12:00:00.1234567899999Z", 123_456_789),
        (f"{NOON}.1234567899", 123_456_789),
        (f"{NOON}000.0000019", 1),
    ],
)
def test_a_fraction_is_cut_off_below_a_nanosecond(text: str, fraction_ns: int) -> None:
    assert parse_event_time(text) == NOON_NS + fraction_ns


def test_an_iso_time_before_1970_is_negative() -> None:
    assert parse_event_time("1969-12-31T23:59:59.5Z") == -500_000_000


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2024-13-01T12:00:00Z",
        "2024-03-01T12:00:60Z",
        "2024-03-01T12:00:00.1.2Z",
        "2024-03-01T12:00.5Z",
        "2024-03-01_12:00:00.5Z",
        "2024-03-01x12:00:00Z",
        "2024-03-01t12:00:00z",
        "2024-03-01\ud80012:00:00Z",
        "2024-03-01\u200f12:00:00Z",
        "2024-03-01\u202e12:00:00Z",
        "2024-03-01\u00a012:00:00Z",
        "2024-03-01  12:00:00Z",
        "2024-03-01T12:00:00Z\n",
        " 2024-03-01T12:00:00Z",
        "2024-W09-5T12:00:00Z",
        "2024-W09-5",
        "2024-061T12:00:00Z",
        "2024-03",
        "2024-03-01T",
        "2024-03-01Z",
        "2024-03-01T12:00:00.Z",
        "2024-02-30T12:00:00Z",
        "2024-03-01T12:00:00+25:00",
        "٢٠٢٤-03-01T12:00:00Z",
        "2024-03-01T12:00:00+01:00:00.5",
        "2024-03-01T12:00:00.5+01:00:00.5",
        "-1709294400",
        "1.7e9",
        "1709294400.",
        "١٧٠٩٢٩٤٤٠٠",
        None,
        True,
        1709294400,
        1709294400.5,
        ["2024-03-01"],
        Decimal(-1),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1e999999999999"),
        Decimal("1e-999999999999"),
    ],
)
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"timestamp: .* is neither ISO 8601 nor"):
        parse_event_time(value)


def test_a_date_alone_is_its_midnight() -> None:
    assert parse_event_time("2024-03-01") == NOON_NS - 12 * 3600 * 10**9


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\d.\d\d:\d\d(:\d\d)?.{0,9}"))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with suppress(InvalidValue):
        assert parse_event_time(text) > -(10**20)


@pytest.mark.parametrize("value", ["1" + "0" * 20, "9" * 40, Decimal("1e30")])
def test_an_epoch_beyond_nanoseconds_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"timestamp: .* is beyond any epoch unit"):
        parse_event_time(value)


@given(ticks)
def test_the_key_of_a_tick_comes_back_unchanged(tick: Tick) -> None:
    assert parse_key(tick.timestamp) == tick.timestamp
    assert parse_key(Decimal(tick.timestamp)) == tick.timestamp


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("2024-03-01T12:00:00.123456789Z", f"{NOON}123.4567890000000000000000000"),
        (Decimal(NOON), f"{NOON}000.0000000000000000000000000"),
        (f"{NOON}123.5", f"{NOON}123.5000000000000000000000000"),
        (f"{NOON}123.{'1' * 30}", f"{NOON}123.{'1' * 25}"),
        ("1970-01-01T00:00:00Z", f"0.{'0' * 25}"),
    ],
)
def test_any_time_has_the_form_of_a_key(value: object, key: str) -> None:
    assert parse_key(value) == key


@pytest.mark.parametrize("value", ["1969-12-31T23:59:59Z", "2286-11-20T17:46:40Z"])
def test_a_key_outside_1970_to_2286_is_refused(value: str) -> None:
    with pytest.raises(InvalidValue, match=f"{value} is not from 1970 to 2286"):
        parse_key(value)


@given(st.integers(0, 10**13 - 1))
def test_an_iso_text_names_the_millisecond(epoch_ms: int) -> None:
    text = iso(epoch_ms)

    assert parse_event_time(text) == epoch_ms * 10**6


def test_an_iso_text_has_milliseconds_and_says_utc() -> None:
    assert iso(NOON * 1000 + 7) == "2024-03-01T12:00:00.007Z"


@given(ticks)
def test_the_event_time_of_a_tick_is_read_from_its_key(tick: Tick) -> None:
    assert key_ns(tick.timestamp) == tick.time_ns


def test_the_event_time_of_a_short_key_is_read() -> None:
    assert key_ns(parse_key("1970-01-01T00:00:00.001000002Z")) == 1_000_002
