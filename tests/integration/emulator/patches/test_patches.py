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


def test_the_patches_of_the_pace_can_be_left_out() -> None:
    stock = patches.chosen({"TIDEMARK_STOCK_PACE": "1"})

    assert {*patches.PATCHES} - {*stock} == patches.PACE
    assert patches.chosen({}) == list(patches.PATCHES)
