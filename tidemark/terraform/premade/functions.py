"""Create a function of the stack through Lambda."""

from typing import TYPE_CHECKING, Any

from tidemark.terraform.premade.resource import Resource

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

API_NAMES = {
    "architectures": "Architectures",
    "function_name": "FunctionName",
    "handler": "Handler",
    "kms_key_arn": "KMSKeyArn",
    "memory_size": "MemorySize",
    "role": "Role",
    "runtime": "Runtime",
    "timeout": "Timeout",
}
NOT_READ_BACK = ("filename", "function_name", "source_code_hash")


def create(lambda_: "LambdaClient", function: Resource) -> dict[str, Any]:
    """Create the function, in place of one that exists; return it for the state."""
    name = function.configured["function_name"]
    request = _request(function)
    try:
        lambda_.create_function(**request)
    except lambda_.exceptions.ResourceConflictException:
        # A command that was killed created it.
        lambda_.delete_function(FunctionName=name)
        lambda_.create_function(**request)
    reserved = function.configured["reserved_concurrent_executions"]
    if reserved >= 0:
        lambda_.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=reserved
        )
    return function.only(*NOT_READ_BACK) | {"id": name, "publish": False}


def _request(function: Resource) -> dict[str, Any]:
    configured = function.configured
    archive = function.folder / configured["filename"]
    request = function.request(API_NAMES) | {
        "Code": {"ZipFile": archive.read_bytes()},
        "Environment": {"Variables": configured["environment"]["variables"]},
        "Tags": function.tags,
    }
    if "dead_letter_config" in configured:
        target = configured["dead_letter_config"]["target_arn"]
        request["DeadLetterConfig"] = {"TargetArn": target}
    return request
