"""Validate bodies by media type, and select templates by it.

LocalStack: compares the whole Content-Type header with the types in the API, and
validates a body of any type against the model for JSON. It answers 500 to a body that
is not UTF-8, to deep nesting and to numbers of more than 4,300 digits.
AWS: the header may have parameters (`application/json; charset=utf-8`). A body for
whose type there is no model is not validated, and is 415 if there is no template
either. A body that is not JSON, or does not fit its model, is 400.
Here: does that, and ignores the parameters and the case of media types.

localstack/services/apigateway/next_gen/execute_api/handlers/
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
"""

import logging
from functools import partial
from typing import Any

from localstack.services.apigateway.helpers import EMPTY_MODEL, ModelResolver
from localstack.services.apigateway.next_gen.execute_api.handlers import (
    integration_request,
    method_request,
)
from werkzeug.datastructures import Headers

from tidemark_localstack.patches.patching import replace
from tidemark_localstack.request_validation import is_valid

LOG = logging.getLogger(__name__)

JSON = "application/json"


def apply() -> None:
    templates = integration_request.IntegrationRequestHandler
    by_media_type = partial(request_template, templates.get_request_template)
    replace(templates, "get_request_template", staticmethod(by_media_type))
    validation = method_request.MethodRequestHandler
    replace(validation, "_is_body_valid", staticmethod(is_body_valid))


def media_type(request: Any) -> str:
    """Return the media type of the body, without parameters. The default is JSON."""
    header: str = request["headers"].get("Content-Type", JSON)
    return header.partition(";")[0].strip().lower()


def request_template(original: Any, integration: Any, request: Any) -> Any:
    headers = Headers({"Content-Type": media_type(request)})
    return original(integration=integration, request={**request, "headers": headers})


def is_body_valid(method: Any, rest_api: Any, request: Any) -> bool:
    models = method.get("requestModels") or {"$default": EMPTY_MODEL}
    model = models.get(media_type(request)) or models.get("$default")
    if model is None:
        return True
    resolver = ModelResolver(rest_api_container=rest_api, model_name=model)
    schema = resolver.get_resolved_model()
    if schema is None:
        LOG.error("The API refers to a model %s that it does not have", model)
        return False
    return is_valid(request["body"], schema)
