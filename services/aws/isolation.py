"""Isolate records from each other: an exception fails only the record that raised it.

Reading data ends in a value or in `InvalidValue`, and AWS's refusals have errors of
their own. Any other exception is a bug that one record triggers. That record goes to a
dead-letter queue with its reason, like bad data, and the others are processed.
"""

from collections.abc import Callable

from services.aws.clients import AWS_ERRORS
from services.aws.telemetry import logger
from services.market.errors import InvalidValue, TidemarkError


def isolated[Result](work: Callable[[], Result], **evidence: object) -> Result:
    """Run the work on one record. An exception that is neither Tidemark's nor AWS's is
    logged with the evidence and raised as `InvalidValue`.
    """
    try:
        return work()
    except (TidemarkError, *AWS_ERRORS):
        raise
    except Exception as error:  # the one place: a bug must not stop the neighbours
        logger.exception("record isolated", extra=evidence)
        problem = f"raised {type(error).__name__}: {error!s:.200}"
        raise InvalidValue("record", problem) from error
