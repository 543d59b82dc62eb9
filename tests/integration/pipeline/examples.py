"""How many examples hypothesis tries here: few by default, since each takes a second.

`HYPOTHESIS_PROFILE=thorough` tries twenty times as many.
"""

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1


def few(count: int, **more: Any) -> settings:
    """Settings of a test that takes about a second for each example."""
    return settings(
        max_examples=count * TIMES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
