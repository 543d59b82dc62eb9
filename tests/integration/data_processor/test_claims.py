from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.data_processor.alert import Alert
from services.data_processor.claims import Claim, Claims, State
from services.market.errors import Unavailable
from services.market.event_time import iso
from tests.integration.data_processor.clients import is_of_ether, is_update, refusing
from tests.integration.dynamodb import Wrapped, rows
from tests.unit.attributes import attributes
from tests.unit.data_processor.builders import ALERT_KEY, KEY, SENT_MS, SYMBOL, alert

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Delivery = Literal["works", "is refused", "dies before", "dies after"]

pytestmark = pytest.mark.usefixtures("no_pauses")

ATTRIBUTES = ["alert_id", "price", "created_at", "claimed_until", "notified_at"]
NOW_MS = 1_709_294_401_000
LEASE_MS = 60_000


@pytest.fixture
def claims(dynamodb: DynamoDBClient, table: str) -> Claims:
    return Claims(dynamodb, table)


def claim(claims: Claims, *alerts: Alert, now_ms: int = NOW_MS) -> list[Claim]:
    return claims.claim(alerts, now_ms=now_ms, until_ms=now_ms + LEASE_MS)


def states(made: Iterable[Claim]) -> dict[Alert, State]:
    return {claim.alert: claim.state for claim in made}


def created(*, now_ms: int = NOW_MS, **given: Any) -> Alert:
    """The alert that a process raises at a time."""
    return alert(created_ms=now_ms, **given)


def test_a_claim_is_the_alerts_row(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    made = claim(claims, alert())

    assert made == [Claim(alert(), State.WON)]
    assert rows(dynamodb, table) == [
        {
            "symbol": {"S": SYMBOL},
            "timestamp": {"N": ALERT_KEY},
            "tick_timestamp": {"N": KEY},
            "rule_id": {"S": "high"},
            "alert_type": {"S": "HIGH"},
            "price": {"N": "150.2"},
            "threshold": {"N": "150"},
            "suppressed": {"N": "0"},
            "exchange": {"S": "binance"},
            "message": {"S": alert().message},
            "alert_id": {"S": alert().alert_id},
            "request_id": {"S": "request-1"},
            "created_at": {"S": iso(SENT_MS)},
            "claimed_until": {"N": str(NOW_MS + LEASE_MS)},
        }
    ]


def test_a_claim_has_one_winner_while_it_holds(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    claim(claims, alert())
    before = rows(dynamodb, table)

    again = claim(claims, alert(), now_ms=NOW_MS + LEASE_MS)

    assert states(again) == {alert(): State.HELD}
    assert rows(dynamodb, table) == before


def test_a_claim_left_behind_is_taken_over_once(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    claim(claims, alert())
    later_ms = NOW_MS + LEASE_MS + 1

    taken = claim(claims, created(now_ms=later_ms), now_ms=later_ms)
    again = claim(claims, alert(), now_ms=later_ms)

    (row,) = rows(dynamodb, table)
    assert taken == [Claim(alert(), State.WON)]
    assert states(again) == {alert(): State.HELD}
    assert row["claimed_until"] == {"N": str(later_ms + LEASE_MS)}


def test_a_notified_alert_is_done(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    claim(claims, alert())

    unmarked = claims.mark_notified([alert()], now_ms=NOW_MS + 5)
    again = claim(claims, alert(), now_ms=NOW_MS + 10 * LEASE_MS)

    (row,) = rows(dynamodb, table)
    assert unmarked == {}
    assert states(again) == {alert(): State.NOTIFIED}
    assert row["notified_at"] == {"S": iso(NOW_MS + 5)}
    assert "claimed_until" not in row


def test_a_released_claim_is_won_by_the_next(claims: Claims) -> None:
    claim(claims, alert())

    refused = claims.release([alert()])
    again = claim(claims, alert(), now_ms=NOW_MS + 1)

    assert refused == {}
    assert again == [Claim(alert(), State.WON)]


@pytest.mark.parametrize("later_ms", [0, LEASE_MS + 1])
def test_another_price_under_the_key_is_a_conflict_and_leaves_the_row_alone(
    claims: Claims, dynamodb: DynamoDBClient, table: str, later_ms: int
) -> None:
    claim(claims, alert())
    before = rows(dynamodb, table)

    other = claim(claims, alert("151"), now_ms=NOW_MS + later_ms)

    assert states(other) == {alert("151"): State.CONFLICT}
    assert rows(dynamodb, table) == before


def test_another_price_conflicts_with_a_notified_alert_too(claims: Claims) -> None:
    claim(claims, alert())
    claims.mark_notified([alert()], now_ms=NOW_MS)

    other = claim(claims, alert("151"))

    assert states(other) == {alert("151"): State.CONFLICT}


def test_two_rules_that_fire_on_one_tick_are_two_alerts(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    high, low = alert("150.2", "HIGH", "150"), alert("150.2", "LOW", "160")
    claim(claims, high)
    claims.mark_notified([high], now_ms=NOW_MS)

    made = claim(claims, high, low)

    assert states(made) == {high: State.NOTIFIED, low: State.WON}
    assert {row["rule_id"]["S"] for row in rows(dynamodb, table)} == {"high", "low"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(ATTRIBUTES), attributes))
def test_a_row_of_any_types_under_the_key_is_a_conflict_or_ours(
    claims: Claims, dynamodb: DynamoDBClient, table: str, others: dict[str, Any]
) -> None:
    row = {"symbol": {"S": SYMBOL}, "timestamp": {"N": ALERT_KEY}, **others}
    dynamodb.put_item(TableName=table, Item=row)

    made = claim(claims, alert())

    assert states(made) == {alert(): State.CONFLICT}


@pytest.mark.parametrize("name", ["alert_id", "price"])
def test_an_alert_that_differs_in_its_id_or_price_is_another(
    claims: Claims, dynamodb: DynamoDBClient, table: str, name: str
) -> None:
    claim(claims, alert())
    (row,) = rows(dynamodb, table)
    dynamodb.put_item(TableName=table, Item={**row, name: {"NULL": True}})

    made = claim(claims, alert(), now_ms=NOW_MS + 2 * LEASE_MS)

    assert states(made) == {alert(): State.CONFLICT}


def test_a_row_without_the_fields_of_an_alert_is_a_conflict(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    claim(claims, alert())
    (row,) = rows(dynamodb, table)
    del row["created_at"]
    dynamodb.put_item(TableName=table, Item=row)

    made = claim(claims, alert(), now_ms=NOW_MS + 2 * LEASE_MS)

    assert states(made) == {alert(): State.CONFLICT}


@pytest.mark.parametrize("price", ["150.20", "1.502E+2"])
def test_the_same_price_in_other_words_is_the_same_alert(
    claims: Claims, price: str
) -> None:
    claim(claims, alert())

    again = claim(claims, alert(price))

    assert states(again) == {alert(price): State.HELD}


def test_a_row_that_is_gone_by_the_time_it_is_read_is_another_processs(
    dynamodb: DynamoDBClient, table: str
) -> None:
    def nothing(**_: Any) -> dict[str, Any]:
        return {"Responses": {}, "UnprocessedKeys": {}}

    client: Any = Wrapped(dynamodb, batch_get_item=nothing)
    claims = Claims(dynamodb, table)
    claim(claims, alert())
    claims.mark_notified([alert()], now_ms=NOW_MS)

    again = claim(Claims(client, table), alert())

    assert again == [Claim(alert(), State.HELD)]
    assert states(claim(claims, alert())) == {alert(): State.NOTIFIED}


def test_each_alert_of_a_batch_stands_for_itself(claims: Claims) -> None:
    won, held, notified, conflict = (alert(symbol=s) for s in ("A", "B", "C", "D"))
    claim(claims, held, notified, conflict)
    claims.mark_notified([notified], now_ms=NOW_MS)
    many = [alert(symbol=f"S{n}") for n in range(60)]
    other = alert("151", symbol="D")

    made = claim(claims, *many[:30], held, won, other, notified, *many[30:])

    assert states(made) == {
        **dict.fromkeys(many, State.WON),
        won: State.WON,
        held: State.HELD,
        notified: State.NOTIFIED,
        other: State.CONFLICT,
    }


def test_a_claim_that_dynamodb_refuses_is_not_won(
    dynamodb: DynamoDBClient, table: str
) -> None:
    first, second = alert(symbol="BTC"), alert(symbol="ETH")
    claims = Claims(refusing(dynamodb, is_of_ether), table)

    made = claim(claims, first, second)

    assert states(made) == {first: State.WON, second: State.REFUSED}
    assert [claim.code for claim in made] == [None, "ThrottlingError"]


def test_a_takeover_that_dynamodb_refuses_is_not_won(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    claim(claims, alert())
    refusing_updates = Claims(refusing(dynamodb, is_update), table)

    made = claim(refusing_updates, alert(), now_ms=NOW_MS + 2 * LEASE_MS)

    assert states(made) == {alert(): State.REFUSED}
    assert made[0].code == "ThrottlingError"


def test_claims_whose_rows_cannot_be_read_are_unavailable(
    claims: Claims, dynamodb: DynamoDBClient, table: str
) -> None:
    claim(claims, alert())
    unread: Any = {"UnprocessedKeys": {table: {"Keys": [{}]}}, "Responses": {}}
    client: Any = Wrapped(dynamodb, batch_get_item=lambda **_: unread)

    with pytest.raises(Unavailable, match="BatchGetItem"):
        claim(Claims(client, table), alert())


@pytest.mark.parametrize("change", ["mark", "release"])
def test_alerts_whose_rows_dynamodb_refuses_to_change_are_returned(
    claims: Claims, dynamodb: DynamoDBClient, table: str, change: str
) -> None:
    claim(claims, alert())
    refused = Claims(refusing(dynamodb, is_update), table)
    changes: dict[str, Callable[[], dict[Alert, str]]] = {
        "mark": lambda: refused.mark_notified([alert()], now_ms=NOW_MS),
        "release": lambda: refused.release([alert()]),
    }

    assert changes[change]() == {alert(): "ThrottlingError"}


@pytest.mark.parametrize("change", ["claim", "mark", "release"])
def test_no_alerts_are_no_call(change: str) -> None:
    nowhere: Any = None
    claims = Claims(nowhere, "table")
    changes: dict[str, Callable[[], Collection[object]]] = {
        "claim": lambda: claims.claim([], now_ms=NOW_MS, until_ms=NOW_MS),
        "mark": lambda: claims.mark_notified([], now_ms=NOW_MS),
        "release": lambda: claims.release([]),
    }

    assert len(changes[change]()) == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["works", "is refused", "dies before", "dies after"]),
            st.sampled_from([1, LEASE_MS // 2, LEASE_MS + 1]),
        ),
        max_size=6,
    )
)
def test_only_a_death_after_publishing_lets_an_alert_be_published_again(
    claims: Claims, fates: list[tuple[Delivery, int]]
) -> None:
    journey = Journey(claims)

    journey.deliver([*fates, ("works", 2 * LEASE_MS)])

    assert journey.published == 1 + journey.deaths_after_publishing
    assert journey.states[-1] in (State.WON, State.NOTIFIED)


@dataclass
class Journey:
    """One alert's message, delivered again and again, each time with a fate."""

    claims: Claims
    alert: Alert = field(default_factory=lambda: alert(symbol=uuid4().hex))
    now_ms: int = NOW_MS
    published: int = 0
    deaths_after_publishing: int = 0
    states: list[State] = field(default_factory=list)

    def deliver(self, fates: Iterable[tuple[Delivery, int]]) -> None:
        for fate, pause_ms in fates:
            self.now_ms += pause_ms
            (made,) = claim(self.claims, self.alert, now_ms=self.now_ms)
            self.states.append(made.state)
            if made.state is State.WON:
                self._notify(fate)

    def _notify(self, fate: Delivery) -> None:
        if fate == "is refused":
            self.claims.release([self.alert])
        self.published += fate in ("works", "dies after")
        self.deaths_after_publishing += fate == "dies after"
        if fate == "works":
            self.claims.mark_notified([self.alert], now_ms=self.now_ms)
