"""Progress and errors from Terraform's machine-readable output (`-json`).

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
    """Updates the progress of `step` and collects the errors, one line each.

    `total` is the number of changes, which the apply of a saved plan does not report.
    `lock` is the id of a lock on the state that another command holds.
    """

    def __init__(self, step: Step | None, total: int) -> None:
        self._step = step
        self._done = 0
        self._total = total
        self.errors: list[str] = []
        self.lock: str | None = None

    def read(self, line: str) -> None:
        """Read one line of Terraform's output."""
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
