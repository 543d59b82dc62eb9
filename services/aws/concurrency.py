"""Calls to AWS that do not depend on each other, made at the same time.

boto3's clients may be shared by threads; its sessions and resources may not.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

WORKERS = 16  # as many connections as `clients.CONFIG` keeps


def concurrently[Item, Result](
    work: Callable[[Item], Result], items: Iterable[Item]
) -> list[Result]:
    """Return the results in the order of the items. One item takes no thread.

    Raises what the first of them raised, once all that had begun have ended.
    """
    waiting = list(items)
    if len(waiting) < 2:
        return [work(item) for item in waiting]
    with ThreadPoolExecutor(min(WORKERS, len(waiting))) as workers:
        return list(workers.map(work, waiting))
