"""Keep the KMS key of a function.

LocalStack: drops it, so that each plan of Terraform sets it once more.
AWS: returns the key with the function's configuration.

localstack/services/lambda_/provider.py, api_utils.py
"""

from typing import Any

from localstack.services.lambda_ import api_utils
from localstack.services.lambda_.provider import LambdaProvider

from tidemark_localstack.patches.patching import wrap

# By unqualified ARN. A new function without a key replaces the entry of an old one.
_keys: dict[str, str | None] = {}


def apply() -> None:
    wrap(LambdaProvider, "create_function", create_function)
    wrap(LambdaProvider, "update_function_configuration", update_configuration)
    wrap(api_utils, "map_config_out", map_config_out)


def create_function(original: Any, self: Any, context: Any, request: Any) -> Any:
    configuration = original(self, context, request)
    return remember(configuration, request.get("KMSKeyArn"))


def update_configuration(original: Any, self: Any, context: Any, request: Any) -> Any:
    configuration = original(self, context, request)
    if "KMSKeyArn" not in request:
        return configuration
    return remember(configuration, request["KMSKeyArn"])


def map_config_out(original: Any, version: Any, *args: Any, **kwargs: Any) -> Any:
    configuration = original(version, *args, **kwargs)
    return with_key(configuration, _keys.get(version.id.unqualified_arn()))


def remember(configuration: Any, key: str | None) -> Any:
    arn = ":".join(configuration["FunctionArn"].split(":")[:7])
    _keys[arn] = key
    return with_key(configuration, key)


def with_key(configuration: Any, key: str | None) -> Any:
    if key:
        configuration["KMSKeyArn"] = key
    return configuration
