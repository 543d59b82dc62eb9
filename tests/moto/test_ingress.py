"""The webhook's API, read back and compared with what is promised.

Of the OpenAPI document moto reads paths, methods and integrations. Who is let in and
what passes for a body is asserted on the document itself, in tests/infra.
"""

import json
from typing import Any

import pytest

from services.exchanges.registry import VENUES
from tests.moto.clients import ACCOUNT, REGION, Clients


@pytest.fixture(scope="session")
def integration(deployed: object, clients: Clients, api_id: str) -> dict[str, Any]:
    """The integration of `POST /webhooks/{exchange}`."""
    resources = clients("apigateway").get_resources(
        restApiId=api_id, embed=["methods"], limit=500
    )
    methods = {
        each["path"]: each["resourceMethods"]
        for each in resources["items"]
        if "resourceMethods" in each
    }
    assert methods.keys() == {
        f"/webhooks/{exchange}" for exchange in ("{exchange}", *VENUES)
    }
    return dict(methods["/webhooks/{exchange}"]["POST"]["methodIntegration"])


def test_the_api_is_regional(deployed: object, clients: Clients, api_id: str) -> None:
    api = clients("apigateway").get_rest_api(restApiId=api_id)

    assert api["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_stage_v1_is_the_one_stage_and_has_the_newest_deployment(
    deployed: object, clients: Clients, api_id: str
) -> None:
    (stage,) = clients("apigateway").get_stages(restApiId=api_id)["item"]
    (deployment,) = clients("apigateway").get_deployments(restApiId=api_id)["items"]

    assert stage["stageName"] == "v1"
    assert stage["deploymentId"] == deployment["id"]


def test_a_post_is_an_asynchronous_invocation_of_the_webhook_processor(
    integration: dict[str, Any],
) -> None:
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:webhook-processor-blue"

    assert integration["type"].upper() == "AWS"
    assert integration["httpMethod"] == "POST"
    assert integration["uri"].endswith(f"/functions/{function}/invocations")
    assert integration["requestParameters"] == {
        "integration.request.header.X-Amz-Invocation-Type": "'Event'"
    }


def test_json_alone_passes_and_the_event_has_the_body_byte_by_byte(
    integration: dict[str, Any],
) -> None:
    (template,) = set(integration["requestTemplates"].values())

    assert integration["passthroughBehavior"] == "never"
    assert {each.partition(";")[0] for each in integration["requestTemplates"]} == {
        "application/json"
    }
    assert "$util.base64Encode($input.body)" in template
    assert "$context.requestId" in template


def test_the_answer_is_202_with_the_requests_id(integration: dict[str, Any]) -> None:
    ((status, answer),) = integration["integrationResponses"].items()

    assert status == answer["statusCode"] == "202"
    assert json.loads(answer["responseTemplates"]["application/json"]) == {
        "request_id": "$context.requestId"
    }


def test_the_api_key_is_of_the_usage_plan_of_the_stage(
    deployed: object, clients: Clients, api_id: str
) -> None:
    api_gateway = clients("apigateway")
    plans = api_gateway.get_usage_plans()["items"]
    (plan,) = [each for each in plans if each["name"] == "webhooks-blue"]
    (key,) = api_gateway.get_usage_plan_keys(usagePlanId=plan["id"])["items"]

    assert plan["apiStages"] == [{"apiId": api_id, "stage": "v1"}]
    assert key["name"] == "webhooks-blue"
    assert api_gateway.get_api_key(apiKey=key["id"])["enabled"] is True
