"""What Terraform says while it works (`-json`): how far it is, and what went wrong.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
import re
from typing import Any

from tidemark.machine.progress import Step

LOCK = re.compile(
    r"ID: +(?P<ID>\S+)$.*Who: +(?P<Who>\S+)$.*Created: +(?P<Created>[^.\n]+)",
    re.MULTILINE | re.DOTALL,
)


class Events:
    """Shows on `step` how much is done, and keeps the errors, each in one line.

    The apply of a plan does not say its `total` before it ends. `lock` is the id of a
    lock on the state that somebody else holds.
    """

    def __init__(self, step: Step | None, total: int) -> None:
        self._step = step
        self._done = 0
        self._total = total
        self.errors: list[str] = []
        self.lock: str | None = None

    def read(self, line: str) -> None:
        """Take one line of Terraform's output."""
        if not line.startswith("{"):
            return
        event = json.loads(line)
        kind = event.get("type")
        if kind == "diagnostic" and event["diagnostic"]["severity"] == "error":
            self._note(event["diagnostic"])
        elif kind == "change_summary":
            self._total = sum(
                count for count in event["changes"].values() if isinstance(count, int)
            )
        elif kind == "apply_complete":
            self._done += 1
        if self._step and self._total:
            self._step.update(min(self._done, self._total), self._total)

    def _note(self, diagnostic: dict[str, Any]) -> None:
        if holder := LOCK.search(diagnostic.get("detail", "")):
            self.lock = holder["ID"]
            self.errors.append(
                "the state is locked by {Who} since {Created}".format(
                    **holder.groupdict()
                )
            )
            return
        where = diagnostic.get("address")
        text = " ".join(diagnostic["summary"].split())
        self.errors.append(f"{where}: {text}" if where else text)
