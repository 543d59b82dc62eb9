"""Resources that a killed apply created and did not write into the state.

Before an apply, the checks have found that nothing has the names that it will create.
They are kept in a file beside the state until the apply succeeds: what has such a name
afterwards was created by it, and the next plan imports it instead of creating it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tidemark.aws.taken_names import Held, wanted
from tidemark.machine import files
from tidemark.terraform.plan import Plan
from tidemark.terraform.workspace import IMPORTS

KEY = "aws_kms_key"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The applies that have not succeeded yet, in the folder of an environment."""

    folder: Path

    def begin(self, plan: Plan) -> None:
        """Keep what the plan is about to create."""
        # A key has no name of its own: it is found by its alias.
        keys = {
            change.address: None
            for change in plan.changes
            if change.kind == KEY and change.actions == ("create",)
        }
        files.write(self._file, json.dumps(self._created | wanted(plan) | keys))

    def end(self) -> None:
        """Forget it: the state has all of it."""
        self._file.unlink(missing_ok=True)
        self.forget_imports()

    def import_next(self, found: Iterable[Held | str]) -> bool:
        """Let the next plan import what such an apply has created.

        Return True if that is more than the last plan imported.
        """
        created = self._created
        if not created:  # then nothing has to be looked for
            return False
        ours = {
            address: id_
            for held in found
            if isinstance(held, Held) and not held.until and _created(held, created)
            for address, id_ in _imports(held, created)
        }
        if ours:
            blocks = self._imported + [
                {"to": address, "id": id_} for address, id_ in ours.items()
            ]
            files.write(self._configuration, json.dumps({"import": blocks}))
        return bool(ours)

    def forget_imports(self) -> None:
        """Let the next plan import nothing."""
        self._configuration.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        return self.folder / "unfinished.json"

    @property
    def _configuration(self) -> Path:
        return self.folder / IMPORTS

    @property
    def _created(self) -> dict[str, str | None]:
        return dict(json.loads(files.read(self._file) or "{}"))

    @property
    def _imported(self) -> list[dict[str, str]]:
        text = files.read(self._configuration)
        return list(json.loads(text)["import"]) if text else []


def _created(held: Held, created: dict[str, str | None]) -> bool:
    # None: the name was not known then, since it is of a resource created before it.
    return held.address in created and created[held.address] in (None, held.name)


def _imports(held: Held, created: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield held.address, held.import_id
    if held.key_id:
        keys = (address for address in created if address.startswith(f"{KEY}."))
        yield from ((address, held.key_id) for address in keys)
