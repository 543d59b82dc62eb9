import asyncio

import pytest

from tidemark.feeds.transfer import refusals
from tidemark.feeds.transfer.refusals import Refusals

SYMBOLS = {"BTC/USD": "BTC-USD", "ETH/USD": "ETH-USD"}


def asked() -> Refusals:
    made = Refusals(SYMBOLS)
    made.asked = [*SYMBOLS]
    return made


@pytest.mark.parametrize(
    ("number", "about"),
    [
        (2, "ETH-USD"),
        ("2", "ETH-USD"),
        (0, "one of BTC-USD, ETH-USD"),
        (3, "one of BTC-USD, ETH-USD"),
        (None, "one of BTC-USD, ETH-USD"),
        ("9" * 5_000, "one of BTC-USD, ETH-USD"),
    ],
)
def test_a_refusal_is_matched_by_the_number_of_the_request(
    number: object, about: str
) -> None:
    said = asked().add({"req_id": number}, "{}", "busy")

    assert said == f"refuses {about}: busy; requesting it again"


def test_what_refuses_no_symbol_by_name_is_final_for_none() -> None:
    made = asked()

    said = [made.add({}, "{}", "busy") for _ in range(refusals.MOST)]

    assert said[-1] == "refuses one of BTC-USD, ETH-USD: busy"
    assert (made.wanted, made.reasons) == ([*SYMBOLS], {})


def test_a_symbol_that_is_traded_on_this_connection_is_not_requested_again() -> None:
    made = asked()
    made.trade({"BTC-USD"})

    said = [made.add({}, "BTC/USD", "twice") for _ in range(3)]

    assert said == ["refuses BTC-USD: twice", "", ""]
    assert made.reasons == {}


def test_a_trade_ends_what_was_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "AGAIN_S", 0)
    made = asked()
    made.add({}, "BTC/USD", "busy")
    made.trade({"BTC-USD"})

    async def due() -> list[str]:
        waiting = asyncio.create_task(made.due())
        await asyncio.sleep(0.01)
        made.add({}, "ETH/USD", "busy")
        return await waiting

    assert asyncio.run(due()) == ["ETH/USD"]
    assert made.reasons == {"ETH/USD": "busy"}
