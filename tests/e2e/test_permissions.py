"""Compare the deployed policies with the calls that roles and services made.

Every call must be allowed, and everything that is allowed must have been called. The
local cloud records the calls of the deployment and of all tests. The policies are read
back from it, so that references in them are resolved.
"""

import json

import pytest

from infra.settings import Settings
from tests.e2e.environment import Environment
from tests.e2e.grants import Grants
from tests.e2e.identifiers import RUN_NUMBER
from tests.e2e.pipeline import Pipeline
from tidemark.drill.listener import QUEUE_PREFIX
from tidemark.environment import Environment as DeployedEnvironment
from tidemark_localstack.call_recording.record import PATH, Call

pytestmark = [pytest.mark.local, pytest.mark.last]

type Explained = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def grants(pipeline: Pipeline) -> Grants:
    return Grants(pipeline.clients)


@pytest.fixture(scope="module")
def calls(pipeline: Pipeline, environment: Environment) -> list[Call]:
    """All calls but those of resources that tests and drills made and removed."""
    page = f"http://localhost:{environment.settings.localstack_port}{PATH}"
    recorded = [Call(**call) for call in environment.http.get(page).json()]
    there = {mailbox.url.split("/")[-1] for mailbox in pipeline.mailboxes.values()}
    return [
        call
        for call in recorded
        if (name := call.resource.split(":")[-1]) in there
        or not (name.startswith(QUEUE_PREFIX) or RUN_NUMBER in str(call))
    ]


@pytest.fixture(scope="module")
def explained(settings: Settings) -> Explained:
    """The reason for each action of a role (its name) that nothing calls here."""
    stack = json.loads(
        DeployedEnvironment(settings).terraform.configuration.read_text()
    )
    return {
        (policy["name"], action): reason
        for policy in stack["resource"]["aws_iam_role_policy"].values()
        for action, reason in policy["//"].get("exceptions", {}).items()
    }


def test_every_recorded_call_is_allowed_by_a_policy(
    grants: Grants, calls: list[Call]
) -> None:
    assert calls
    assert [call for call in calls if not grants.allow(call)] == []


@pytest.mark.needs_all_tests
def test_every_permission_of_a_role_was_used_or_explains_why_not(
    grants: Grants, calls: list[Call], explained: Explained
) -> None:
    idle = [grant for grant in grants.of_roles() if not any(map(grant.covers, calls))]

    assert [g for g in idle if (g.name, g.action) not in explained] == []


@pytest.mark.needs_all_tests
def test_only_unused_permissions_have_an_explanation(
    grants: Grants, calls: list[Call], explained: Explained
) -> None:
    idle = {
        (grant.name, grant.action)
        for grant in grants.of_roles()
        if not any(map(grant.covers, calls))
    }

    assert explained.keys() <= idle


@pytest.mark.needs_all_tests
def test_every_permission_of_a_service_was_used(
    grants: Grants, calls: list[Call]
) -> None:
    granted = grants.of_services()

    assert granted
    assert [grant for grant in granted if not any(map(grant.covers, calls))] == []
