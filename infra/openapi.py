"""The webhook's REST API as one OpenAPI document.

Only what API Gateway's own subset of OpenAPI 3.0.1 has: models in the words of JSON
Schema draft 4, no `$ref` inside a model's `anyOf`, and a model with `anyOf` always by
`$ref`: written out in an operation, its import drops it with no more than a warning.
"""

import base64
import json
from typing import Any

from services.exchanges.registry import VENUES
from services.exchanges.venue import Venue

# What the sender controls travels base64-encoded: no quote can break out of the
# document, and a signature can be checked over the exact bytes.
EVENT = """{
  "exchange_b64": "%s",
  "symbol_b64": "$util.base64Encode($input.params('symbol'))",
  "market_b64": "$util.base64Encode($input.params('market'))",
  "received_at": $context.requestTimeEpoch,
  "request_id": "$context.requestId",
  "body_b64": "$util.base64Encode($input.body)"
}"""
EXCHANGE_OF_THE_PATH = "$util.base64Encode($input.params('exchange'))"

# API Gateway documents that it chooses template and model by the `Content-Type` header,
# and not what it does with parameters of it. Those that HTTP libraries send by default
# are spelt out, so that they are JSON whether it compares them or not.
CONTENT_TYPES = (
    "application/json",
    *(
        f"application/json;{space}charset={charset}"
        for space in ("", " ")
        for charset in ("utf-8", "UTF-8")
    ),
)

ACCEPTED = '{"request_id": "$context.requestId"}'

CANONICAL = (
    {"type": "array", "items": {}},
    {"type": "object", "required": ["prices"]},
    {"type": "object", "required": ["symbol", "price"]},
)


def document(*, title: str, processor_uri: str) -> str:
    """The API in compact JSON; requests go to the Lambda function at `processor_uri`.

    A venue with a message format of its own gets a path beside `{exchange}`, with the
    model of that format added to the canonical one.
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
    """API Gateway takes letters and digits: `CoinbaseExchange`."""
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
