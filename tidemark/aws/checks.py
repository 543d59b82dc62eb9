"""What AWS would refuse in the middle of an apply, found before it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.settings import Settings
from tidemark.aws import names, quotas
from tidemark.aws.account import Account, NoAnswer, reason
from tidemark.clients import Clients
from tidemark.errors import ToolError
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
            notes.append("Lambda's quotas are not known: it does not tell them.")
    except NoAnswer as error:
        notes.append(f"Lambda's quotas are not known: {reason(error)}")
    found = list(names.held(plan, clients))
    notes += [each for each in found if isinstance(each, str)]
    problems += names.problems([each for each in found if isinstance(each, names.Held)])
    return Findings(tuple(problems), tuple(notes))


def check_state(
    outputs: Mapping[str, Any], account: Account, settings: Settings
) -> None:
    """Raise ToolError where the state at hand describes another environment."""
    arns = [str(value) for value in outputs.values() if str(value).startswith("arn:")]
    if not arns:
        return
    # The ARN has both: arn:aws:lambda:region:account:function:name
    _, _, _, region, owner, *_ = arns[0].split(":")
    there = (owner, region, outputs["environment_suffix"])
    if there != (account.id, settings.aws_region, settings.environment_suffix):
        raise ToolError(
            "The state at hand describes account {}, region {}, environment {}: these "
            "credentials and settings are of another.".format(*there)
        )
