from itertools import islice
from pathlib import Path
from threading import Timer

import pytest

from tidemark.machine.file_changes import FileChanges


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.joinpath("old.py").write_text("1")
    tmp_path.joinpath("sub").mkdir()
    return tmp_path


def test_nothing_changed_since_it_was_made(folder: Path) -> None:
    changes = FileChanges(folder)

    assert changes.take() == []


def test_each_change_is_told_once(folder: Path) -> None:
    changes = FileChanges(folder)

    folder.joinpath("sub", "new.py").touch()
    folder.joinpath("old.py").write_text("22")

    assert changes.take() == [folder / "old.py", folder / "sub" / "new.py"]
    assert changes.take() == []


def test_a_file_that_went_is_a_change(folder: Path) -> None:
    changes = FileChanges(folder)

    folder.joinpath("old.py").unlink()

    assert changes.take() == [folder / "old.py"]


def test_bytecode_is_none_of_ours(folder: Path) -> None:
    changes = FileChanges(folder)

    folder.joinpath("sub", "__pycache__").mkdir()
    folder.joinpath("sub", "__pycache__", "x.pyc").touch()

    assert changes.take() == []


def test_a_file_that_goes_while_it_is_looked_at_is_gone(folder: Path) -> None:
    folder.joinpath("dangling.py").symlink_to(folder / "nowhere")

    assert FileChanges(folder).take() == []


def test_changes_are_waited_for(folder: Path) -> None:
    changes = FileChanges(folder)
    Timer(0.05, folder.joinpath("new.py").touch).start()

    [changed] = islice(changes.follow(interval=0.01), 1)

    assert changed == [folder / "new.py"]
