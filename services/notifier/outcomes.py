"""Sort deliveries by the results of their attempts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.channels.answer import Outcome, Result
from services.notifier.delivery import Delivery
from services.notifier.schedule import Uniform, again, is_over

OVER = " (the next attempt would be more than a day after the first)"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Deliveries that are `done`, that wait for another attempt, or are given up."""

    done: list[Delivery] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    given_up: list[Delivery] = field(default_factory=list)


def sort(
    made: Iterable[tuple[Delivery, Result]], *, now_ms: int, uniform: Uniform
) -> Outcomes:
    sorted_ = Outcomes()
    for delivery, result in made:
        if result.outcome is Outcome.DELIVERED:
            sorted_.done.append(delivery.after(result))
            continue
        later = again(delivery, result, now_ms=now_ms, uniform=uniform)
        if result.outcome is Outcome.GIVEN_UP:
            sorted_.given_up.append(later)
        elif is_over(later):
            sorted_.given_up.append(replace(later, reason=result.reason + OVER))
        else:
            sorted_.waiting.append(later)
    return sorted_
