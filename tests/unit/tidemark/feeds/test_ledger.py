from dataclasses import dataclass

from tests.unit.tidemark.feeds.kraken_frames import KRAKEN, frame, trade
from tidemark.feeds.transfer.frames import Frame
from tidemark.feeds.transfer.ledger import Ledger, Rate


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_is_of_the_full_seconds_since_the_first_one() -> None:
    clock = Clock()
    rate = Rate(clock)

    rate.add(3)
    rate.add(1)
    clock.now += 1
    rate.add(2)
    clock.now += 1

    assert rate.now() == 3


def test_the_rate_forgets_what_is_ten_seconds_old() -> None:
    clock = Clock()
    rate = Rate(clock)
    rate.add(50)
    clock.now += 10
    assert rate.now() == 5

    clock.now += 1

    assert rate.now() == 0


def test_a_rate_without_a_full_second_is_none() -> None:
    rate = Rate(Clock())
    assert rate.now() == 0

    rate.add(1)

    assert rate.now() == 0


def test_each_trade_is_entered_under_its_symbol() -> None:
    ledger = Ledger()

    ledger.receive(frame(trade(1), trade(2), trade(3, symbol="ETH-USD")))

    assert ledger.of("kraken", "BTC-USD").received == 2
    assert ledger.of("kraken", "ETH-USD").received == 1
    assert ledger.of("kraken", "BTC-USD").price == "60250.1"
    assert ledger.total.received == 3


def test_what_is_not_stored_is_counted_by_what_became_of_it() -> None:
    ledger = Ledger()
    one = [frame(trade(1), trade(2))]

    ledger.drop(one)
    ledger.refuse(one, "the webhook answers 400")
    ledger.give_up(one)

    account = ledger.of("kraken", "BTC-USD")
    assert (account.dropped, account.refused, account.undelivered) == (2, 2, 2)
    assert ledger.rejected == {("kraken", "the webhook answers 400"): 1}


def test_rejections_are_counted_by_their_reason() -> None:
    ledger = Ledger()
    reasons = ("symbol: is none", "price: is none", "symbol: is none")

    ledger.receive(Frame(b"{}", KRAKEN, (), reasons))

    assert ledger.rejected["kraken", "symbol: is none"] == 2
    assert ledger.rejected["kraken", "price: is none"] == 1


def test_the_reasons_that_are_kept_are_bounded() -> None:
    ledger = Ledger()
    reasons = tuple(f"price: {number} is none" for number in range(1_500))

    ledger.receive(Frame(b"{}", KRAKEN, (), reasons))

    assert len(ledger.rejected) == 1_001
    assert ledger.rejected["kraken", "other reasons"] == 500
