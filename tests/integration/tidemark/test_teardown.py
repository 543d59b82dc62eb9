import shutil
import subprocess
import sys
from pathlib import Path

from tidemark import teardown


def test_stop_without_a_cloud_has_a_status_of_its_own(checkout: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "tidemark.teardown", "stop"],
        cwd=copied(checkout),
        capture_output=True,
        text=True,
    )

    assert (asked.stdout, asked.stderr) == ("", "")
    assert asked.returncode == teardown.NOTHING_RAN


def copied(folder: Path) -> Path:
    """A checkout with the tool, in which nothing runs."""
    shutil.copytree(Path(teardown.__file__).parent, folder / "tidemark")
    return folder
