"""What AWS would refuse in the middle of an apply, found before it begins."""

from dataclasses import dataclass

from tidemark.aws import names, quotas
from tidemark.aws.account import NoAnswer, reason
from tidemark.clients import Clients
from tidemark.plan import Plan


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in the way, and what could not be looked at."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check(plan: Plan, clients: Clients) -> Findings:
    """Hold a plan against the account that it is for."""
    problems: list[str] = []
    notes: list[str] = []
    try:
        limits = clients.of("lambda").get_account_settings().get("AccountLimit", {})
        if limits.keys() >= quotas.NEEDED:
            problems += quotas.problems(plan, limits)
        else:
            notes.append("Lambda's quotas are not checked: it does not tell them.")
    except NoAnswer as error:
        notes.append(f"Lambda's quotas are not checked: {reason(error)}")
    found = list(names.held(plan, clients))
    notes += [each for each in found if isinstance(each, str)]
    taken = [each for each in found if isinstance(each, names.Held)]
    problems += names.problems(taken)
    return Findings(tuple(problems), tuple(notes))
