"""Answer refused requests as the API's document says.

LocalStack: leaves gateway responses out when it imports a document, and ignores their
templates.
AWS: imports them, and fills in the template of the response's type.
Here: does that for templates of JSON and types that the document names.

localstack/services/apigateway/legacy/provider.py
localstack/services/apigateway/next_gen/execute_api/handlers/gateway_exception.py
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
"""

import json
from typing import Any

from localstack.services.apigateway.helpers import (
    OpenAPIExt,
    get_apigateway_store,
)
from localstack.services.apigateway.legacy import provider
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    build_gateway_response,
)
from localstack.services.apigateway.next_gen.execute_api.handlers import (
    gateway_exception,
)

from tidemark_localstack.gateway_template import fill
from tidemark_localstack.patches.patching import wrap

JSON = "application/json"


def apply() -> None:
    wrap(provider, "import_api_from_openapi_spec", import_responses_too)
    handler = gateway_exception.GatewayExceptionHandler
    wrap(handler, "create_exception_response", answer_from_the_template)


def import_responses_too(
    original: Any, rest_api: Any, *, context: Any, open_api_spec: Any, mode: Any
) -> Any:
    imported = original(
        rest_api, context=context, open_api_spec=open_api_spec, mode=mode
    )
    api = get_apigateway_store(context=context).rest_apis[rest_api.id]
    api.gateway_responses = {
        kind: build_gateway_response(
            kind,
            status_code=response.get("statusCode"),
            response_parameters=response.get("responseParameters"),
            response_templates=response.get("responseTemplates"),
            default_response=False,
        )
        for kind, response in open_api_spec.get(
            OpenAPIExt.GATEWAY_RESPONSES, {}
        ).items()
    }
    return imported


def answer_from_the_template(
    original: Any, handler: Any, exception: Any, context: Any
) -> Any:
    response = original(handler, exception, context)
    configured = context.deployment.rest_api.gateway_responses.get(exception.type)
    if configured:
        variables = context.context_variables
        quoted = {**variables["error"], "messageString": json.dumps(exception.message)}
        template = configured["responseTemplates"][JSON]
        response.data = fill(template, {**variables, "error": quoted})
    return response
