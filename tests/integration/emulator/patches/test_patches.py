"""The list of patches and their files agree."""

from pathlib import Path

from tidemark_localstack import patches

FOLDER = Path(patches.__file__).parent


def test_every_file_of_a_service_folder_is_a_listed_patch() -> None:
    files = {
        ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        for path in FOLDER.glob("*/*.py")
        if path.stem != "__init__"
    }

    assert sorted(files) == sorted(patches.PATCHES)
