"""Least privilege, exercised: what was called is allowed, what is allowed was called.

The record is the local cloud's: all that roles and services did in it, deployment and
tests. The policies are read from where they are deployed, their references resolved.
"""

import json

import pytest

from infra.settings import Settings
from tests.e2e import run
from tests.e2e.environment import Environment
from tests.e2e.grants import Grants
from tests.e2e.pipeline import Pipeline
from tidemark.workspace import Workspace
from tidemark_localstack import call_record
from tidemark_localstack.call_record import Call

pytestmark = [pytest.mark.local, pytest.mark.last]

type Explained = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def grants(pipeline: Pipeline) -> Grants:
    return Grants(pipeline.clients)


@pytest.fixture(scope="module")
def calls(pipeline: Pipeline, environment: Environment) -> list[Call]:
    """All but those of what tests have made for themselves, and removed since."""
    page = f"http://localhost:{environment.settings.localstack_port}{call_record.PATH}"
    recorded = [Call(**call) for call in environment.http.get(page).json()]
    there = {mailbox.url.split("/")[-1] for mailbox in pipeline.mailboxes.values()}
    return [
        call
        for call in recorded
        if call.resource.split(":")[-1] in there or run.NUMBER not in str(call)
    ]


@pytest.fixture(scope="module")
def explained(settings: Settings) -> Explained:
    """Why a role (its name) is given an action that nobody takes here."""
    stack = json.loads((Workspace.of(settings).folder / "cdk.tf.json").read_text())
    return {
        (policy["name"], action): reason
        for policy in stack["resource"]["aws_iam_role_policy"].values()
        for action, reason in policy["//"].get("exceptions", {}).items()
    }


def test_every_call_is_allowed(grants: Grants, calls: list[Call]) -> None:
    assert calls
    assert [call for call in calls if not grants.allow(call)] == []


@pytest.mark.whole_run
def test_a_role_did_everything_that_it_may_or_says_why_not(
    grants: Grants, calls: list[Call], explained: Explained
) -> None:
    idle = [grant for grant in grants.of_roles() if not any(map(grant.covers, calls))]

    assert [g for g in idle if (g.name, g.action) not in explained] == []


@pytest.mark.whole_run
def test_nothing_is_explained_that_was_done_or_that_nobody_may(
    grants: Grants, calls: list[Call], explained: Explained
) -> None:
    idle = {
        (grant.name, grant.action)
        for grant in grants.of_roles()
        if not any(map(grant.covers, calls))
    }

    assert explained.keys() <= idle


@pytest.mark.whole_run
def test_a_service_did_everything_that_it_may(
    grants: Grants, calls: list[Call]
) -> None:
    granted = grants.of_services()

    assert granted
    assert [grant for grant in granted if not any(map(grant.covers, calls))] == []
