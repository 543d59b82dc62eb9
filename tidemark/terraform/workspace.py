"""The folder in which Terraform keeps one environment: its configuration and state.

The state is valid only together with the cloud that it describes: `session.json` names
the run of the local cloud, whether the last change completed, and what was deployed.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.settings import Settings
from tidemark.machine import files, paths
from tidemark.machine.errors import ToolError
from tidemark.terraform.state import State

STATE = "terraform.tfstate"
SESSION = "session.json"
IMPORTS = "imports.tf.json"


@dataclass(frozen=True, slots=True)
class Session:
    """The run of the local cloud that a state describes.

    `stack` and `code` are digests of what the last complete deployment was made from:
    the stack's sources and settings, and the functions' sources. They are empty where
    the deployment may differ from its sources. `was_complete` says that a deployment to
    this run was complete at some time, so that there may be data.
    """

    id: str = ""
    complete: bool = True
    stack: str = ""
    code: str = ""
    was_complete: bool = False

    def changing(self, id_: str) -> "Session":
        """This session, or a new one if the run is another, during a change."""
        return Session(
            id_, complete=False, was_complete=self.was_complete and self.id == id_
        )


@dataclass(frozen=True, slots=True)
class Workspace:
    """One environment's folder."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> "Workspace":
        """The one of these settings' environment."""
        return cls(paths.STATE / settings.home)

    @property
    def session(self) -> Session:
        """The run that the last change was applied to."""
        text = files.read(self.folder / SESSION)
        return Session(**json.loads(text)) if text else Session()

    def mark(self, session: Session) -> None:
        """Record which run is being changed, or that the change completed."""
        files.write(self.folder / SESSION, json.dumps(asdict(session)))

    def cloud_may_hold_data(self) -> bool:
        """Return True if this or another environment was deployed to the same run."""
        beside = self.folder.parent.glob(f"*/{SESSION}")
        sessions = [Workspace(file.parent).session for file in beside]
        return any(s.was_complete and s.id == self.session.id for s in sessions)

    def deployed(self) -> bool:
        """Return True if there is a state."""
        return (self.folder / STATE).exists()

    def state(self) -> State:
        """The state that is kept here; it is empty if there is none."""
        try:
            return State(json.loads(files.read(self.folder / STATE) or "{}"))
        except ValueError as error:
            raise ToolError(
                f"{self.folder / STATE} is not complete: a deployment is writing it, "
                "or was killed. Try again, or run `make up`."
            ) from error

    def configuration(self) -> dict[str, Any]:
        """The synthesised stack that Terraform deploys from here."""
        return dict(json.loads((self.folder / "cdk.tf.json").read_text()))

    def replace_state(self, state: State) -> None:
        """Make an edited state the one that is kept here."""
        serial = state.document["serial"] + 1
        document = {**state.document, "serial": serial}
        files.write(self.folder / STATE, json.dumps(document, indent=2))

    def strays(self) -> list[Path]:
        """State files outside Terraform's own place, the newest last.

        Terraform writes `errored.tfstate` if it cannot save the state after an apply.
        """
        names = (f"{STATE}.moving", "errored.tfstate")
        return [self.folder / name for name in names if (self.folder / name).exists()]

    def rename_state(self) -> None:
        """Rename the state file, which Terraform would ask about beside a bucket."""
        if self.deployed():
            (self.folder / STATE).replace(self.folder / f"{STATE}.moving")

    def retire_state(self) -> None:
        """Rename the state of a cloud that no longer exists to `.stale`."""
        for name in (STATE, f"{STATE}.backup", f".{STATE}.lock.info"):
            stale = self.folder / name
            if stale.exists():
                stale.replace(stale.with_name(f"{name}.stale"))

    def fill(self, stack: Path) -> None:
        """Replace the configuration by a synthesised stack."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # a state holds the API key
        (self.folder / IMPORTS).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "assets", ignore_errors=True)
        if (stack / "assets").exists():
            shutil.copytree(stack / "assets", self.folder / "assets")
        files.write(self.folder / "cdk.tf.json", (stack / "cdk.tf.json").read_text())
