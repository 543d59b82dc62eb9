import base64
import json
import re
from typing import Any

import pytest

from services.exchanges.registry import VENUES
from tests.infra.synthesised import Stack, ref

WEBHOOK_PROCESSOR = "webhook-processor"
JSON = {
    "application/json",
    "application/json;charset=utf-8",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "application/json; charset=UTF-8",
}


def api(stack: Stack) -> dict[str, Any]:
    return dict(json.loads(stack.one("aws_api_gateway_rest_api")["body"]))


def operation(stack: Stack, exchange: str = "{exchange}") -> dict[str, Any]:
    item = api(stack)["paths"][f"/webhooks/{exchange}"]
    assert item.keys() == {"post"}
    return dict(item["post"])


def integration(stack: Stack, exchange: str = "{exchange}") -> dict[str, Any]:
    return dict(operation(stack, exchange)["x-amazon-apigateway-integration"])


def event(stack: Stack, exchange: str = "{exchange}") -> dict[str, Any]:
    (template,) = set(integration(stack, exchange)["requestTemplates"].values())
    return dict(json.loads(template.replace("$context.requestTimeEpoch", "1")))


def model(stack: Stack, exchange: str) -> list[dict[str, Any]]:
    content = operation(stack, exchange)["requestBody"]["content"]
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return list(api(stack)["components"]["schemas"][name]["anyOf"])


def test_the_document_is_of_this_environment_and_compact(local: Stack) -> None:
    resource = local.one("aws_api_gateway_rest_api")

    assert api(local)["openapi"] == "3.0.1"
    assert api(local)["info"] == {"title": "webhooks-blue", "version": "1"}
    assert resource["name"] == "webhooks-blue"
    assert not resource["body"].startswith("{ ")
    assert '", "' not in resource["body"]


def test_the_api_is_regional(local: Stack) -> None:
    resource = local.one("aws_api_gateway_rest_api")

    assert resource["endpoint_configuration"] == {"types": ["REGIONAL"]}


def test_a_request_needs_a_key(local: Stack) -> None:
    schemes = api(local)["components"]["securitySchemes"]

    assert operation(local)["security"] == [{"key": []}]
    assert schemes == {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}


def test_a_body_is_validated_against_the_canonical_shapes(local: Stack) -> None:
    validator = operation(local)["x-amazon-apigateway-request-validator"]
    body = operation(local)["requestBody"]

    assert api(local)["x-amazon-apigateway-request-validators"][validator] == {
        "validateRequestBody": True,
        "validateRequestParameters": False,
    }
    assert body["required"] is True
    assert body["content"].keys() == JSON
    assert [each["schema"] for each in body["content"].values()] == [
        {"$ref": "#/components/schemas/Canonical"}
    ] * len(JSON)
    assert api(local)["components"]["schemas"]["Canonical"]["anyOf"] == [
        {"type": "array", "items": {}},
        {"type": "object", "required": ["prices"]},
        {"type": "object", "required": ["symbol", "price"]},
    ]


@pytest.mark.parametrize(
    "keyword", ["$ref", "oneOf", "exclusiveMinimum", "nullable", "default", "example"]
)
def test_models_have_nothing_that_api_gateway_lacks(local: Stack, keyword: str) -> None:
    models = json.dumps(api(local)["components"]["schemas"])

    assert f'"{keyword}"' not in models


def test_the_exchange_is_in_the_path_and_symbol_and_market_may_be_in_the_query(
    local: Stack,
) -> None:
    parameters = {
        (parameter["name"], parameter["in"], parameter["required"])
        for parameter in operation(local)["parameters"]
    }

    assert parameters == {
        ("exchange", "path", True),
        ("symbol", "query", False),
        ("market", "query", False),
    }


def test_the_function_is_invoked_without_waiting_for_it(local: Stack) -> None:
    assert integration(local)["type"] == "aws"
    assert integration(local)["httpMethod"] == "POST"
    assert integration(local)["uri"] == (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:${data.aws_caller_identity.account.account_id}:"
        "function:webhook-processor-blue/invocations"
    )
    assert integration(local)["requestParameters"] == {
        "integration.request.header.X-Amz-Invocation-Type": "'Event'"
    }


def test_the_event_is_json_whatever_the_sender_writes(local: Stack) -> None:
    assert event(local) == {
        "exchange_b64": "$util.base64Encode($input.params('exchange'))",
        "symbol_b64": "$util.base64Encode($input.params('symbol'))",
        "market_b64": "$util.base64Encode($input.params('market'))",
        "received_at": 1,
        "request_id": "$context.requestId",
        "body_b64": "$util.base64Encode($input.body)",
    }


def test_each_venue_has_a_path_of_its_own_beside_any_exchange(local: Stack) -> None:
    paths = [f"/webhooks/{exchange}" for exchange in ("{exchange}", *VENUES)]

    assert list(api(local)["paths"]) == paths


@pytest.mark.parametrize("exchange", VENUES)
def test_the_path_of_a_venue_names_the_exchange_itself(
    local: Stack, exchange: str
) -> None:
    encoded = base64.b64encode(exchange.encode()).decode()

    assert event(local, exchange) == event(local) | {"exchange_b64": encoded}


@pytest.mark.parametrize("exchange", VENUES)
def test_a_venue_takes_the_canonical_shapes_and_its_own(
    local: Stack, exchange: str
) -> None:
    own = VENUES[exchange].model["anyOf"]

    assert model(local, exchange) == model(local, "{exchange}") + own


@pytest.mark.parametrize("exchange", VENUES)
def test_a_venue_takes_the_hints_of_symbol_and_market_and_needs_a_key(
    local: Stack, exchange: str
) -> None:
    names = [given["name"] for given in operation(local, exchange)["parameters"]]

    assert names == ["symbol", "market"]
    assert operation(local, exchange)["security"] == [{"key": []}]


def test_every_model_has_a_name_that_api_gateway_takes(local: Stack) -> None:
    names = api(local)["components"]["schemas"].keys()

    assert len(names) == len(VENUES) + 1
    assert [name for name in names if not (name.isascii() and name.isalnum())] == []


def test_nothing_but_json_is_let_through(local: Stack) -> None:
    assert integration(local)["passthroughBehavior"] == "never"
    assert set(integration(local)["requestTemplates"]) == JSON


def test_the_sender_gets_202_and_a_request_id(local: Stack) -> None:
    response = integration(local)["responses"]["default"]

    assert response["statusCode"] == "202"
    assert list(operation(local)["responses"]) == ["202"]
    assert json.loads(response["responseTemplates"]["application/json"]) == {
        "request_id": "$context.requestId"
    }


def test_a_bad_body_is_answered_with_the_shapes_that_are_accepted(
    local: Stack,
) -> None:
    responses = api(local)["x-amazon-apigateway-gateway-responses"]
    answer = responses["BAD_REQUEST_BODY"]
    template = answer["responseTemplates"]["application/json"]
    body = json.loads(template.replace("$context.error.messageString", '"Invalid"'))

    assert responses.keys() == {"BAD_REQUEST_BODY"}
    assert answer["statusCode"] == "400"
    assert body.keys() == {"message", "expected"}
    assert '{"symbol": ..., "price": ...}' in body["expected"]
    assert '{"prices": [tick, ...]}' in body["expected"]
    assert "the venue whose id, in lower case, ends the path" in body["expected"]
    # Only this variable is quoted and escaped by API Gateway.
    assert re.findall(r"\$[\w.]+", template) == ["$context.error.messageString"]


def test_only_the_webhooks_of_the_stage_may_invoke_the_function(local: Stack) -> None:
    permission = local.one(
        "aws_lambda_permission", principal="apigateway.amazonaws.com"
    )
    api_arn = ref("aws_api_gateway_rest_api", "webhooks", "execution_arn")

    assert permission["action"] == "lambda:InvokeFunction"
    assert permission["function_name"] == ref(
        "aws_lambda_function", WEBHOOK_PROCESSOR, "arn"
    )
    assert permission["source_arn"] == f"{api_arn}/v1/POST/webhooks/*"


def test_another_document_is_another_deployment_and_never_none(local: Stack) -> None:
    deployment = local.one("aws_api_gateway_deployment")

    assert deployment["triggers"] == {
        "body": "${sha1(aws_api_gateway_rest_api.webhooks.body)}"
    }
    assert deployment["lifecycle"] == {"create_before_destroy": True}


def test_an_import_that_would_leave_out_a_part_of_the_document_fails(
    local: Stack,
) -> None:
    assert local.one("aws_api_gateway_rest_api")["fail_on_warnings"] is True


def test_the_stage_is_v1(local: Stack) -> None:
    stage = local.one("aws_api_gateway_stage")

    assert stage["stage_name"] == "v1"
    assert stage["deployment_id"] == ref(
        "aws_api_gateway_deployment", "webhooks-deployment", "id"
    )


def test_nothing_is_served_before_the_function_may_be_invoked(local: Stack) -> None:
    stage = local.one("aws_api_gateway_stage")

    assert stage["depends_on"] == ["aws_lambda_permission.webhooks-invoke"]


def test_senders_have_a_rate_and_a_burst_which_are_settings(
    local: Stack, aws: Stack
) -> None:
    by_default = local.one("aws_api_gateway_usage_plan")["throttle_settings"]
    as_set = aws.one("aws_api_gateway_usage_plan")["throttle_settings"]

    assert by_default == {"rate_limit": 500, "burst_limit": 1000}
    assert as_set == {"rate_limit": 20, "burst_limit": 40}


def test_the_key_opens_the_stage_through_the_usage_plan(local: Stack) -> None:
    plan = local.one("aws_api_gateway_usage_plan", name="webhooks-blue")
    key = local.one("aws_api_gateway_usage_plan_key")

    assert local.one("aws_api_gateway_api_key")["name"] == "webhooks-blue"
    assert plan["api_stages"] == [
        {
            "api_id": ref("aws_api_gateway_rest_api", "webhooks", "id"),
            "stage": ref("aws_api_gateway_stage", "webhooks-stage", "stage_name"),
        }
    ]
    assert key["key_id"] == ref("aws_api_gateway_api_key", "webhooks-key", "id")
    assert key["key_type"] == "API_KEY"
    assert key["usage_plan_id"] == ref(
        "aws_api_gateway_usage_plan", "webhooks-plan", "id"
    )
