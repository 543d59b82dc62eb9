"""Create the attributes of a store once.

LocalStack: creates an attribute when it is first read. Two requests that read it first
at the same time create one each, and what one of them stores (a topic, say) is lost.

localstack/services/stores.py
"""

import threading
from typing import Any

from localstack.services.stores import (
    CrossAccountAttribute,
    CrossRegionAttribute,
    LocalAttribute,
)

from tidemark_localstack.patches.patching import wrap

LOCK = threading.RLock()


def apply() -> None:
    for kind in (LocalAttribute, CrossRegionAttribute, CrossAccountAttribute):
        wrap(kind, "__get__", one_at_a_time)


def one_at_a_time(original: Any, *given: Any) -> Any:
    with LOCK:
        return original(*given)
