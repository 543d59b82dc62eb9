"""The marks of an environment's settings, read by data-processor's own code."""

from infra.settings import Settings
from services.market.marks import Marks, read_marks


def of(settings: Settings) -> Marks:
    """The marks of every symbol in an environment."""
    return read_marks(
        f"{settings.price_high:f}", f"{settings.price_low:f}", settings.price_marks
    )
