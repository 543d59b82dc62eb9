import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from infra import archive
from infra.archive import ArchiveError, build_archive

METADATA = "Metadata-Version: 2.1\nName: plank\nVersion: 1.0\n"
WHEEL = (
    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)


def depend_on_wheel(root: Path, *, module: str) -> None:
    wheel = root / "plank-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as bundle:
        bundle.writestr(module, "")
        bundle.writestr("plank-1.0.data/scripts/plank", "#!python\n")
        bundle.writestr("plank-1.0.dist-info/METADATA", METADATA)
        bundle.writestr("plank-1.0.dist-info/WHEEL", WHEEL)
        bundle.writestr("plank-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"plank @ {wheel.as_uri()} --hash=sha256:{digest}\n"
    (root / "requirements").mkdir(exist_ok=True)
    (root / "requirements" / "lambda.txt").write_text(lock)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    handler = tmp_path / "services" / "webhook_processor" / "handler.py"
    handler.parent.mkdir(parents=True)
    handler.write_text("answer = 42\n")
    (handler.parent / "__init__.py").touch()
    depend_on_wheel(tmp_path, module="plank/__init__.py")
    return tmp_path


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as bundle:
        return bundle.namelist()


def test_it_holds_the_services_and_their_packages_and_nothing_else(
    project: Path,
) -> None:
    cache = project / "services" / "webhook_processor" / "__pycache__"
    cache.mkdir()
    (cache / "handler.cpython-313.pyc").touch()
    (project / "services" / ".DS_Store").touch()

    built = build_archive(project)

    assert built == project / ".tidemark" / "build" / "functions.zip"
    assert names(built) == [
        "plank/__init__.py",
        "services/webhook_processor/__init__.py",
        "services/webhook_processor/handler.py",
    ]


def test_its_files_can_be_read_by_whoever_runs_them(project: Path) -> None:
    with zipfile.ZipFile(build_archive(project)) as bundle:
        entry = bundle.getinfo("services/webhook_processor/handler.py")

        assert entry.external_attr >> 16 == 0o644
        assert bundle.read(entry) == b"answer = 42\n"


def test_the_same_sources_give_the_same_bytes(project: Path) -> None:
    before = build_archive(project).read_bytes()
    os.utime(project / "services" / "webhook_processor" / "handler.py", (1, 1))

    after = build_archive(project).read_bytes()

    assert after == before


def test_other_sources_give_other_bytes(project: Path) -> None:
    before = build_archive(project).read_bytes()
    (project / "services" / "webhook_processor" / "handler.py").write_text("43\n")

    after = build_archive(project).read_bytes()

    assert after != before


def test_packages_are_installed_once_for_one_lock(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_archive(project)
    monkeypatch.delattr(archive, "_install")

    build_archive(project)

    (packages,) = (project / ".tidemark").glob("lambda-packages-*")
    assert (packages / "plank" / "__init__.py").exists()


def test_another_lock_brings_other_packages(project: Path) -> None:
    build_archive(project)
    depend_on_wheel(project, module="board/__init__.py")

    built = build_archive(project)

    assert "board/__init__.py" in names(built)
    assert "plank/__init__.py" not in names(built)


def test_compiled_code_is_refused_every_time(project: Path) -> None:
    depend_on_wheel(project, module="plank/fast.so")

    with pytest.raises(ArchiveError, match=r"compiled code: plank/fast\.so"):
        build_archive(project)
    with pytest.raises(ArchiveError, match=r"compiled code: plank/fast\.so"):
        build_archive(project)


def test_a_lock_that_cannot_be_installed_is_told_with_the_reason(project: Path) -> None:
    (project / "requirements" / "lambda.txt").write_text("plank==1.0\n")

    with pytest.raises(ArchiveError, match=r"(?s)requirements/lambda.txt.*hash"):
        build_archive(project)


def test_nothing_half_built_is_left_behind(project: Path) -> None:
    build_archive(project)

    (packages,) = (project / ".tidemark").glob("lambda-packages-*")
    assert set((project / ".tidemark").iterdir()) == {
        packages,
        project / ".tidemark" / "build",
    }
    assert names(project / ".tidemark" / "build" / "functions.zip")
