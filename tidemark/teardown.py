"""`make down` and `make clean`: stop the local clouds, remove what the commands made.

It runs on the machine's own Python, because it removes everything else.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tidemark.local_cloud import choice
from tidemark.local_cloud.cloud import Cloud
from tidemark.machine import exits, files, locks, paths
from tidemark.machine.errors import ToolError

# Files that may hold a state; some exist only after a command was killed.
STATES = (
    "terraform.tfstate",
    "terraform.tfstate.moving",
    "errored.tfstate",
    "repaired.tfstate",
)


NONE_RUNS = "No local cloud is running."
REMOVED = "Removed everything that the commands created."
NOTHING_RAN = 3  # the exit status of `stop`, for scripts


def stop(command: str = "make down") -> list[str]:
    """Stop every local cloud of this checkout; return a line for each."""
    return [line for cloud in _clouds() if (line := _stop(cloud, command))]


def down() -> list[str]:
    """Stop every local cloud; return what was done, line by line."""
    return stop() or [NONE_RUNS]


def check() -> list[str]:
    """Raise `ToolError` if `clean` would remove the state of something on AWS."""
    found = [
        folder / name
        for folder in sorted(paths.STATE.glob("aws/*/*"))
        for name in STATES
        if _describes_anything(folder / name)
    ]
    if found:
        raise ToolError("\n".join(map(_way_out, found)))
    return []


def clean() -> list[str]:
    """Stop the local clouds and remove all that `.gitignore` names, except `.env`."""
    check()
    lines = stop("make clean") or [NONE_RUNS]
    for path in _made_here():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return [*lines, REMOVED]


def _describes_anything(state: Path) -> bool:
    text = files.read(state)
    return bool(text) and bool(json.loads(text)["resources"])


def _way_out(state: Path) -> str:
    region, suffix = state.parts[-3:-1]
    return (
        f"{state} describes resources on AWS: destroy them first "
        f"(`AWS_REGION={region} ENVIRONMENT_SUFFIX={suffix} make destroy`), or move "
        "the file elsewhere."
    )


def _stop(cloud: Cloud, command: str) -> str:
    with locks.held(cloud.state_dir / "lock", command):
        stopped = cloud.stop()
    if not stopped:
        return ""
    count = f"{len(stopped)} process{'es' if len(stopped) > 1 else ''}"
    return f"Stopped the local cloud on port {cloud.port}: {count}, none left."


def _clouds() -> list[Cloud]:
    folders = paths.STATE.joinpath("local").glob("[0-9]*")
    return [choice.at(int(folder.name)) for folder in sorted(folders)]


def _made_here() -> Iterator[Path]:
    # Anchored patterns first: below what they name, nothing needs a search.
    patterns = files.read(paths.ROOT / ".gitignore").split()
    for pattern in sorted(patterns, key=lambda pattern: pattern[0] != "/"):
        if pattern == "/.env":
            continue
        search = paths.ROOT.glob if pattern[0] == "/" else paths.ROOT.rglob
        found = list(search(pattern.strip("/")))
        yield from (path for path in found if ".git" not in path.parts)


if __name__ == "__main__":
    with exits.one_line():
        commands = {"check": check, "stop": stop, "down": down, "clean": clean}
        lines = commands[sys.argv[1]]()
        for line in lines:
            print(line)
        if sys.argv[1] == "stop" and not lines:
            sys.exit(NOTHING_RAN)
