"""The folder in which Terraform keeps one environment: its configuration and state.

The state is valid only together with the cloud that it describes: `session.json` names
the run of the local cloud, and whether the last change completed.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from infra.settings import Settings
from tidemark.machine import files, paths

STATE = "terraform.tfstate"


@dataclass(frozen=True, slots=True)
class Session:
    """The run of the local cloud that a state describes."""

    id: str = ""
    complete: bool = True


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
        text = files.read(self.folder / "session.json")
        return Session(**json.loads(text)) if text else Session()

    def mark(self, session: Session) -> None:
        """Record which run is being changed, or that the change completed."""
        record = {"id": session.id, "complete": session.complete}
        files.write(self.folder / "session.json", json.dumps(record))

    def deployed(self) -> bool:
        """Return True if there is a state."""
        return (self.folder / STATE).exists()

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
        shutil.rmtree(self.folder / "assets", ignore_errors=True)
        if (stack / "assets").exists():
            shutil.copytree(stack / "assets", self.folder / "assets")
        files.write(self.folder / "cdk.tf.json", (stack / "cdk.tf.json").read_text())
