from decimal import Decimal
from typing import Any

import pytest

from services.market.errors import InvalidValue
from services.market.marks import Band
from services.rules.change import Change
from services.rules.level import Level
from services.rules.rule import Rule, read_rule
from tests.unit.rules.builders import change, level, rule

LEVEL: dict[str, Any] = {
    "symbol": "BTC-USDT",
    "rule_id": "dear",
    "kind": "level",
    "above": 150,
}
TWENTY = [f"desk-{number:02}" for number in range(20)]
CHANGE: dict[str, Any] = {
    "symbol": "*",
    "rule_id": "fast",
    "kind": "change",
    "change_pct": Decimal("2.5"),
    "window_s": 300,
}


def test_a_level_rule_has_defaults() -> None:
    assert read_rule(LEVEL) == Rule(
        symbol="BTC-USDT",
        rule_id="dear",
        condition=Level(
            Band(high=Decimal(150)),
            mode="crossing",
            rearm_pct=Decimal("0.5"),
            cooldown_s=60,
        ),
        channels=(),
        enabled=True,
        expires_at_ms=None,
        note="",
    )


def test_a_change_rule_has_defaults() -> None:
    assert read_rule(CHANGE) == Rule(
        symbol="*",
        rule_id="fast",
        condition=Change(Decimal("2.5"), window_s=300, direction="either"),
    )


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"above": "1e5", "below": Decimal(50)}, Band(Decimal(100_000), Decimal(50))),
        ({"above": None, "below": 7}, Band(low=Decimal(7))),
        ({"above": 0}, Band(high=Decimal(0))),
    ],
)
def test_marks_are_exact(given: dict[str, Any], read: Band) -> None:
    condition = read_rule({**LEVEL, **given}).condition

    assert isinstance(condition, Level)
    assert condition.band == read


@pytest.mark.parametrize(
    ("field", "given", "read"),
    [
        ("symbol", "btc-usdt", "BTC-USDT"),
        ("channels", ["ops", "desk", "ops"], ("desk", "ops")),
        ("channels", {"ops"}, ("ops",)),
        ("channels", TWENTY, tuple(TWENTY)),
        ("enabled", False, False),
        ("expires_at", "2024-03-01T12:00:00Z", 1_709_294_400_000),
        ("expires_at", Decimal(1_709_294_400), 1_709_294_400_000),
        ("expires_at", 1_709_294_400_000, 1_709_294_400_000),
        ("note", "sell half", "sell half"),
        ("note", "n" * 1024, "n" * 1024),
    ],
)
def test_a_field_is_read(field: str, given: object, read: object) -> None:
    found = read_rule({**LEVEL, field: given})

    assert getattr(found, {"expires_at": "expires_at_ms"}.get(field, field)) == read


@pytest.mark.parametrize("given", [90, "90", Decimal("90.0")])
def test_seconds_may_be_text(given: object) -> None:
    assert read_rule({**LEVEL, "cooldown_s": given}) == level(cooldown_s=90)


@pytest.mark.parametrize("seconds", [1, 31_536_000])
def test_a_window_is_up_to_a_year_long(seconds: int) -> None:
    condition = read_rule({**CHANGE, "window_s": seconds}).condition

    assert isinstance(condition, Change)
    assert condition.window_s == seconds


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"kind": "volume"}, "kind: 'volume' is not level or change"),
        ({"kind": None}, "kind: is missing or is not level or change"),
        ({"symbol": "B T C"}, "symbol: 'B T C' is not 1-64 letters"),
        ({"symbol": None}, "symbol: is missing; a symbol, or * for all, is needed"),
        ({"rule_id": "Dear"}, "rule_id: 'Dear' is not 1 to 40 of a-z, 0-9 and -"),
        ({"rule_id": None}, "rule_id: is missing or is not 1 to 40"),
        ({"rule_id": "high"}, "rule_id: 'high' is the id of a built-in rule"),
        ({"abov": 3}, "abov: is no field of a level rule; it has symbol, rule_id"),
        ({"window_s": 3}, "window_s: is no field of a level rule"),
        ({"above": None}, "above: is missing, as is below; a level rule needs one"),
        ({"above": "ten"}, "above: 'ten' is no decimal number"),
        ({"above": 1.5}, "above: 1.5 is no decimal number"),
        ({"above": True}, "above: True is no decimal number"),
        ({"above": -1}, "above: -1 is not from 1e-24 to 1e24"),
        ({"below": Decimal(150)}, "below: 150 is not less than above"),
        ({"mode": "once"}, "mode: 'once' is not crossing or every"),
        ({"rearm_pct": 101}, "rearm_pct: 101 is not from 0 to 100"),
        ({"cooldown_s": -1}, "cooldown_s: -1 is not a whole number of seconds from 0"),
        ({"cooldown_s": Decimal("0.5")}, "cooldown_s: 0.5 is not a whole number"),
        ({"cooldown_s": True}, "cooldown_s: True is not a whole number of seconds"),
        ({"cooldown_s": "9" * 50}, "cooldown_s: '999"),
        ({"cooldown_s": Decimal("NaN")}, "cooldown_s: NaN is not a whole number"),
        ({"cooldown_s": "½"}, "cooldown_s: '½' is not a whole number"),
        ({"channels": "ops"}, "channels: 'ops' is not a list of 1 to 20 names"),
        ({"channels": [*TWENTY, "one-more"]}, "channels: ['desk-00', "),
        ({"channels": []}, "channels: [] is not a list of 1 to 20 names; without it"),
        ({"channels": [[]]}, "channels: [[]] is not a list"),
        ({"channels": [7]}, "channels: [7] is not a list"),
        ({"channels": [""]}, "channels: [''] is not a list"),
        ({"channels": ["a\nb"]}, "channels: ['a\\\\nb'] is not a list"),
        ({"enabled": "yes"}, "enabled: 'yes' is not true or false"),
        ({"expires_at": "soon"}, "expires_at: 'soon' is neither ISO 8601 nor an epoch"),
        ({"note": "n" * 1025}, "note: 'nnnn"),
        ({"note": 7}, "note: 7 is no text of at most 1024 characters"),
    ],
)
def test_a_wrong_field_of_a_level_rule_is_named(
    wrong: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_rule({**LEVEL, **wrong})

    assert refused.value.reason.startswith(reason.replace("\\\\", "\\"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"change_pct": None}, "change_pct: is missing; a decimal from 1e-24 to 1e24"),
        ({"change_pct": 0}, "change_pct: 0 is not from 1e-24 to 1e24"),
        (
            {"window_s": None},
            "window_s: is missing or is not a whole number of seconds",
        ),
        ({"window_s": 0}, "window_s: 0 is not a whole number of seconds from 1 to"),
        ({"window_s": 31_536_001}, "window_s: 31536001 is not a whole number"),
        ({"direction": "both"}, "direction: 'both' is not up or down or either"),
        ({"mode": "every"}, "mode: 'every' is not crossing"),
        ({"cooldown_s": 60}, "cooldown_s: is no field of a change rule"),
    ],
)
def test_a_wrong_field_of_a_change_rule_is_named(
    wrong: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_rule({**CHANGE, **wrong})

    assert refused.value.reason.startswith(reason)


@pytest.mark.parametrize(
    "written",
    [
        level(),
        level(below="1e-24", mode="every", rearm_pct=0, cooldown_s=0),
        level(channels=["ops"], enabled=False, expires_at="2027-01-01", note="sell"),
        change(direction="down", change_pct="0.01"),
    ],
)
def test_a_row_is_read_back_as_the_same_rule(written: Rule) -> None:
    assert read_rule(written.row()) == written


def test_a_row_is_what_a_person_would_write() -> None:
    assert change(note="look", channels=["ops"], expires_at="2027-01-01").row() == {
        "symbol": "BTC-USDT",
        "rule_id": "fast",
        "kind": "change",
        "change_pct": 5,
        "window_s": 300,
        "direction": "either",
        "channels": ["ops"],
        "enabled": True,
        "expires_at": "2027-01-01T00:00:00.000Z",
        "note": "look",
    }


@pytest.mark.parametrize(("now_ms", "expired"), [(999, False), (1000, True)])
def test_a_rule_expires_at_its_time(now_ms: int, expired: bool) -> None:
    assert rule("x", kind="level", above=1, expires_at="1").has_expired(now_ms) is (
        expired
    )


@pytest.mark.parametrize(
    "other",
    [
        level(above=151),
        level(below=150),
        level(mode="every"),
        level(rearm_pct=1),
        level(cooldown_s=61),
        change(),
    ],
)
def test_another_definition_has_another_fingerprint(other: Rule) -> None:
    assert other.fingerprint != level().fingerprint


@pytest.mark.parametrize(
    "same",
    [
        level(above="150.00"),
        level(channels=["ops"]),
        level(note="sell"),
        level(expires_at="2027-01-01"),
        level(mode="crossing", rearm_pct="0.50"),
    ],
)
def test_what_does_not_concern_judging_leaves_the_fingerprint(same: Rule) -> None:
    assert same.fingerprint == level().fingerprint
