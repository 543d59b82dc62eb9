"""Preflight check: find what AWS would refuse during an apply, before it starts."""

from dataclasses import dataclass

from tidemark.aws import quotas, taken_names
from tidemark.aws.account import NoAnswer, reason
from tidemark.stored.clients import Clients
from tidemark.terraform.plan import Plan


@dataclass(frozen=True, slots=True)
class Findings:
    """`problems` prevent the deployment; `notes` name what could not be checked."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check(plan: Plan, clients: Clients) -> Findings:
    """Check a plan against the quotas and the existing names of its account."""
    problems: list[str] = []
    notes: list[str] = []
    try:
        limits = clients.of("lambda").get_account_settings().get("AccountLimit", {})
        if limits.keys() >= quotas.NEEDED:
            problems += quotas.problems(plan, limits)
        else:
            notes.append("Lambda's quotas were not checked: AWS does not report them.")
    except NoAnswer as error:
        notes.append(f"Lambda's quotas were not checked: {reason(error)}")
    found = list(taken_names.held(plan, clients))
    notes += [each for each in found if isinstance(each, str)]
    taken = [each for each in found if isinstance(each, taken_names.Held)]
    problems += taken_names.problems(taken)
    return Findings(tuple(problems), tuple(notes))
