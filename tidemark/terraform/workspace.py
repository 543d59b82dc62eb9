"""The folder in which Terraform keeps one environment: configuration and state.

A state is only worth something with the cloud it describes. `session.json` says which
run of the local cloud that is, and whether the last change of it came to its end.
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
    """The run of the local cloud that a state belongs to."""

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
        """What the last change was made to."""
        text = files.read(self.folder / "session.json")
        return Session(**json.loads(text)) if text else Session()

    def mark(self, session: Session) -> None:
        """Write down what is being changed, or that it has been."""
        record = {"id": session.id, "complete": session.complete}
        files.write(self.folder / "session.json", json.dumps(record))

    def deployed(self) -> bool:
        """Whether there is a state."""
        return (self.folder / STATE).exists()

    def strays(self) -> list[Path]:
        """States that are not where Terraform keeps its own, the newest last.

        It left `errored.tfstate` where it could not write the state after an apply.
        """
        names = (f"{STATE}.moving", "errored.tfstate")
        return [self.folder / name for name in names if (self.folder / name).exists()]

    def take_out_of_sight(self) -> None:
        """Make the state in the file a stray: Terraform would ask about it."""
        if self.deployed():
            (self.folder / STATE).replace(self.folder / f"{STATE}.moving")

    def set_state_aside(self) -> None:
        """Forget the state of a cloud that is gone; the last one is kept, renamed."""
        for name in (STATE, f"{STATE}.backup", f".{STATE}.lock.info"):
            stale = self.folder / name
            if stale.exists():
                stale.replace(stale.with_name(f"{name}.stale"))

    def fill(self, stack: Path) -> None:
        """Put a synthesised stack in place of the last one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # a state holds the API key
        shutil.rmtree(self.folder / "assets", ignore_errors=True)
        if (stack / "assets").exists():
            shutil.copytree(stack / "assets", self.folder / "assets")
        files.write(self.folder / "cdk.tf.json", (stack / "cdk.tf.json").read_text())
