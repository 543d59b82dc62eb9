"""Give a new execution environment to the invocation that it was started for.

LocalStack: lists a new environment before it reserves it, and searches the list while
other invocations add to it. An invocation fails if another one takes its environment or
adds one at that moment, and a batch of a queue then waits for its visibility timeout.
AWS: an invocation does not fail because of others.
Here: an environment is reserved before it is listed; a copy of the list is searched.

localstack/services/lambda_/invocation/assignment.py
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import (
    InvalidStatusException,
)
from localstack.services.lambda_.invocation.lambda_models import InitializationType

from tidemark_localstack.patches.patching import wrap

LOG = logging.getLogger(__name__)


def apply() -> None:
    wrap(AssignmentService, "get_environment", get_environment)


def get_environment(
    original: Callable[..., AbstractContextManager[Any]],
    service: Any,
    manager_id: str,
    version: Any,
    kind: InitializationType,
) -> AbstractContextManager[Any]:
    if kind is not InitializationType.on_demand:
        return original(service, manager_id, version, kind)
    return on_demand(service, manager_id, version)


@contextmanager
def on_demand(service: Any, manager_id: str, version: Any) -> Iterator[Any]:
    """Yield an environment that runs nothing else; stop it if the block fails."""
    listed = service.environments[manager_id]
    environment = reserved(list(listed.values()))
    if environment is None:
        environment = service.start_environment(manager_id, version)
        environment.reserve()
        listed[environment.id] = environment
    try:
        yield environment
        environment.release()
    except InvalidStatusException as error:  # It was stopped, for a new version.
        LOG.info("An environment is not used again: %s", error)
    except Exception:
        LOG.warning("An invocation failed", exc_info=True)
        service.stop_environment(environment)
        raise


def reserved(environments: Iterable[Any]) -> Any:
    """Return the first environment that is free, reserved; None if there is none."""
    for environment in environments:
        if environment.initialization_type is InitializationType.on_demand:
            try:
                environment.reserve()
            except InvalidStatusException:
                continue
            return environment
    return None
