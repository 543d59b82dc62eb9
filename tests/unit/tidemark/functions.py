"""Deployed functions, as Terraform's state and Lambda know them."""

from typing import Any

NAMES = ("webhook-processor-dev", "data-processor-dev")


def deployed_functions(code: str) -> dict[str, Any]:
    """A state in which the functions run that code."""
    instances = [
        {
            "attributes": {
                "function_name": name,
                "source_code_hash": code,
                "code_sha256": code,
            }
        }
        for name in NAMES
    ]
    functions = {"mode": "managed", "type": "aws_lambda_function", "name": "all"}
    return {"serial": 7, "resources": [{**functions, "instances": instances}]}


class ResourceConflictException(Exception):
    """Lambda has a function of that name."""


class FakeLambda:
    """Takes code, or `refuses` it; each update is under way for one look at it."""

    class exceptions:
        ResourceConflictException = ResourceConflictException

    def __init__(self) -> None:
        self.created: dict[str, dict[str, Any]] = {}
        self.reserved: dict[str, int] = {}
        self.updated: dict[str, bytes] = {}
        self.refuses = False
        self._looked: set[str] = set()

    def create_function(self, **call: Any) -> None:
        if call["FunctionName"] in self.created:
            raise ResourceConflictException
        self.created[call["FunctionName"]] = call

    def delete_function(self, **call: str) -> None:
        del self.created[call["FunctionName"]]

    def put_function_concurrency(self, **call: Any) -> None:
        self.reserved[call["FunctionName"]] = call["ReservedConcurrentExecutions"]

    def update_function_code(self, *, FunctionName: str, ZipFile: bytes) -> None:
        self.updated[FunctionName] = ZipFile

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:
        if FunctionName not in self._looked:
            self._looked.add(FunctionName)
            return {"LastUpdateStatus": "InProgress"}
        if self.refuses:
            reason = {"LastUpdateStatusReason": "too large"}
            return {"LastUpdateStatus": "Failed", **reason}
        return {
            "LastUpdateStatus": "Successful",
            "CodeSha256": f"sha256 of {len(self.updated[FunctionName])}",
            "CodeSize": len(self.updated[FunctionName]),
            "LastModified": "2026-01-01T00:00:00.000+0000",
        }

    def of(self, state: dict[str, Any]) -> list[dict[str, Any]]:
        """The functions of a state."""
        return [each["attributes"] for each in state["resources"][0]["instances"]]
