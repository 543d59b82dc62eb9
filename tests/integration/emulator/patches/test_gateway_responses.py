"""API Gateway answers with the response that the imported document configures."""

import json

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from localstack.services.apigateway.legacy import provider
from localstack.services.apigateway.models import RestApiContainer
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    BadRequestBodyError,
    InvalidAPIKeyError,
)
from localstack.services.apigateway.next_gen.execute_api.handlers import (
    gateway_exception,
)
from rolo import Response

from tidemark_localstack.patches.apigateway import gateway_responses

api = RestApiContainer({})
store = SimpleNamespace(rest_apis={"api": api})
gateway_responses.get_apigateway_store = lambda context: store
provider.import_api_from_openapi_spec = lambda rest_api, **given: (rest_api, [])
gateway_responses.apply()
TEMPLATE = '{"message": $context.error.messageString, "id": "$context.requestId"}'
DOCUMENT = {
    "x-amazon-apigateway-gateway-responses": {
        "BAD_REQUEST_BODY": {
            "statusCode": "422", "responseTemplates": {"application/json": TEMPLATE}
        }
    }
}
rest_api = SimpleNamespace(id="api")
result = provider.import_api_from_openapi_spec(
    rest_api, context=None, open_api_spec=DOCUMENT, mode="overwrite"
)
assert result == (rest_api, [])


def answer(error):
    response = Response()
    context = SimpleNamespace(
        context_variables={"requestId": "abc"},
        deployment=SimpleNamespace(rest_api=api),
    )
    gateway_exception.GatewayExceptionHandler()(None, error, context, response)
    return response.status_code, response.get_data(as_text=True)


print(json.dumps([
    answer(BadRequestBodyError(message='not "good"')),
    answer(InvalidAPIKeyError(message="Forbidden")),
]))
"""


def test_a_configured_answer_is_given_and_others_are_left() -> None:
    configured, other = json.loads(output_of(PROGRAM)[-1])

    assert configured == [422, '{"message": "not \\"good\\"", "id": "abc"}']
    assert other == [403, '{"message": "Forbidden"}']
