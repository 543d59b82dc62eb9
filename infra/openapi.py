"""The webhook's REST API as one OpenAPI document.

API Gateway supports a subset of OpenAPI 3.0.1, and the document uses only that. Models
are written in JSON Schema draft 4 and have no `$ref` inside their `anyOf`. A model with
`anyOf` is always used by `$ref`: if it is written inside an operation, the import drops
it with only a warning.
"""

import base64
import json
from typing import Any

from services.exchanges.registry import VENUES
from services.exchanges.venue import Venue

# Values that the sender controls are base64-encoded, so that no quote can end a JSON
# string early, and a signature can be checked over the exact bytes.
EVENT = """{
  "exchange_b64": "%s",
  "symbol_b64": "$util.base64Encode($input.params('symbol'))",
  "market_b64": "$util.base64Encode($input.params('market'))",
  "received_at": $context.requestTimeEpoch,
  "request_id": "$context.requestId",
  "body_b64": "$util.base64Encode($input.body)"
}"""
EXCHANGE_OF_THE_PATH = "$util.base64Encode($input.params('exchange'))"

# API Gateway's documentation says that it chooses template and model by `Content-Type`,
# but not how it treats parameters in that header. The parameters that HTTP libraries
# send by default are listed, so that such bodies count as JSON in either case.
CONTENT_TYPES = (
    "application/json",
    *(
        f"application/json;{space}charset={charset}"
        for space in ("", " ")
        for charset in ("utf-8", "UTF-8")
    ),
)

ACCEPTED = '{"request_id": "$context.requestId"}'

# API Gateway's own description of the fault, `$context.error.validationErrorString`, is
# not used: of `anyOf` it says only that no schema fits, and it is neither quoted nor
# documented to be escaped, so that a body could break the answer's JSON.
EXPECTED = (
    'JSON: a tick {"symbol": ..., "price": ...}, a list of ticks, '
    '{"prices": [tick, ...]}, or a message in the own format of the venue whose id, '
    "in lower case, ends the path"
)
BAD_BODY = (
    f'{{"message": $context.error.messageString, "expected": {json.dumps(EXPECTED)}}}'
)

CANONICAL = (
    {"type": "array", "items": {}},
    {"type": "object", "required": ["prices"]},
    {"type": "object", "required": ["symbol", "price"]},
)


def document(*, title: str, processor_uri: str) -> str:
    """Return the API as compact JSON; requests go to the function at `processor_uri`.

    A venue with a message format of its own has a path beside `{exchange}`. Its model
    is the canonical one with that format added.
    """
    any_exchange = _receive("Canonical", EXCHANGE_OF_THE_PATH, processor_uri)
    any_exchange["parameters"] = [_parameter("exchange", "path"), *HINTS]
    paths = {"/webhooks/{exchange}": {"post": any_exchange}}
    models = {"Canonical": {"anyOf": [*CANONICAL]}}
    for venue in VENUES.values():
        name = _model_name(venue)
        models[name] = {"anyOf": [*CANONICAL, *venue.model["anyOf"]]}
        receive = _receive(name, _base64(venue.exchange), processor_uri)
        paths[f"/webhooks/{venue.exchange}"] = {"post": receive | {"parameters": HINTS}}
    api = {
        "openapi": "3.0.1",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {
            "schemas": models,
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "x-api-key", "in": "header"}
            },
        },
        "x-amazon-apigateway-request-validators": {
            "body": {"validateRequestBody": True, "validateRequestParameters": False}
        },
        "x-amazon-apigateway-gateway-responses": {
            "BAD_REQUEST_BODY": {
                "statusCode": "400",
                "responseTemplates": {"application/json": BAD_BODY},
            }
        },
    }
    return json.dumps(api, separators=(",", ":"))


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": {"type": "string"},
    }


HINTS = [_parameter("symbol", "query"), _parameter("market", "query")]


def _model_name(venue: Venue) -> str:
    """API Gateway accepts only letters and digits: `CoinbaseExchange`."""
    return venue.exchange.title().replace("_", "")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _receive(model: str, exchange_b64: str, processor_uri: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {
        "security": [{"key": []}],
        "requestBody": {
            "required": True,
            "content": {each: {"schema": schema} for each in CONTENT_TYPES},
        },
        "responses": {"202": {"description": "Accepted"}},
        "x-amazon-apigateway-request-validator": "body",
        "x-amazon-apigateway-integration": {
            "type": "aws",
            "httpMethod": "POST",
            "uri": processor_uri,
            "requestParameters": {
                "integration.request.header.X-Amz-Invocation-Type": "'Event'"
            },
            "passthroughBehavior": "never",
            "requestTemplates": dict.fromkeys(CONTENT_TYPES, EVENT % exchange_b64),
            "responses": {
                "default": {
                    "statusCode": "202",
                    "responseTemplates": {"application/json": ACCEPTED},
                }
            },
        },
    }
