"""Isolation: what one record raises fails that record alone, and its neighbours go on.

Data is read into values or `InvalidValue`, and what AWS refuses has errors of its own.
Any other exception is a fault of ours, met by one record: that record then ends as bad
data does, in a dead-letter queue with its reason.
"""

from collections.abc import Callable

from services.aws.clients import AWS_ERRORS
from services.aws.telemetry import logger
from services.market.errors import InvalidValue, TidemarkError


def isolated[Result](work: Callable[[], Result], **evidence: object) -> Result:
    """Do the work on one record. Raises `InvalidValue` in place of any exception that
    is not of our own or AWS's, and logs that one with the evidence.
    """
    try:
        return work()
    except (TidemarkError, *AWS_ERRORS):
        raise
    except Exception as error:  # the one place: a bug must not stop the neighbours
        logger.exception("record isolated", extra=evidence)
        problem = f"raised {type(error).__name__}: {error!s:.200}"
        raise InvalidValue("record", problem) from error
