from pathlib import Path

from tidemark.machine import files


def test_a_written_file_is_read_back_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"

    files.write(path, "old")
    files.write(path, "new")

    assert files.read(path) == "new"
    assert [*path.parent.iterdir()] == [path]


def test_a_missing_file_reads_as_an_empty_text(tmp_path: Path) -> None:
    assert files.read(tmp_path / "absent") == ""


def test_the_digest_changes_with_a_name_a_byte_or_the_salt(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.joinpath("a").write_text("1")
    first = files.digest(folder)

    salted = files.digest(folder, salt="s")
    folder.joinpath("a").write_text("2")
    changed = files.digest(folder)
    folder.joinpath("a").rename(folder / "b")
    renamed = files.digest(folder)

    assert len({first, salted, changed, renamed}) == 4


def test_the_digest_ignores_caches_and_builds(tmp_path: Path) -> None:
    before = files.digest(tmp_path)

    for name in ("__pycache__", "build", "x.egg-info"):
        files.write(tmp_path / name / "file", "")

    assert files.digest(tmp_path) == before


def test_the_digest_does_not_depend_on_where_the_folder_is(
    tmp_path: Path,
) -> None:
    files.write(tmp_path / "one" / "sources" / "a", "1")
    files.write(tmp_path / "two" / "sources" / "a", "1")

    one, two = (files.digest(tmp_path / name / "sources") for name in ("one", "two"))
    assert one == two
