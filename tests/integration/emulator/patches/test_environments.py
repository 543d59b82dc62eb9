"""An invocation has an execution environment of its own, whatever others do."""

import json

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import (
    InvalidStatusException,
)
from localstack.services.lambda_.invocation.lambda_models import InitializationType

from tidemark_localstack.patches.lambda_ import environments

environments.apply()
service = AssignmentService()
listed = service.environments["version"]
steps = []


class Environment:
    initialization_type = InitializationType.on_demand

    def __init__(self, id, free=True):
        self.id, self.free = id, free

    def reserve(self):
        steps.append(["reserve", self.id, [*listed]])
        listed.setdefault("other", Environment("other", free=False))
        if not self.free:
            raise InvalidStatusException("it is in use")
        self.free = False

    def release(self):
        self.free = True


service.start_environment = lambda *_: Environment("new")


def use():
    with service.get_environment(
        "version", None, InitializationType.on_demand
    ) as environment:
        steps.append(["use", environment.id, [*listed]])
"""


def test_a_new_environment_is_reserved_before_others_can_find_it() -> None:
    steps = json.loads(output_of(PROGRAM + "use(); print(json.dumps(steps))")[0])

    assert steps == [["reserve", "new", []], ["use", "new", ["other", "new"]]]


def test_an_environment_that_is_added_meanwhile_does_not_disturb_the_search() -> None:
    program = "listed['old'] = Environment('old', free=False); use()\n"

    steps = json.loads(output_of(f"{PROGRAM}{program}print(json.dumps(steps))")[0])

    assert [step[:2] for step in steps] == [
        ["reserve", "old"],
        ["reserve", "new"],
        ["use", "new"],
    ]


def test_a_free_environment_is_used_again() -> None:
    program = "use(); use()\nprint(json.dumps(steps))"

    steps = json.loads(output_of(PROGRAM + program)[0])

    assert steps[-1] == ["use", "new", ["other", "new"]]
    assert [step[1] for step in steps[2:]] == ["other", "new", "new"]
