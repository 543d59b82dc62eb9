"""DynamoDB Local is pinned file by file and installed for this machine."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integration.dynamodb import running_dynamodb
from tests.sockets import listeners, needs_proc
from tidemark_localstack.dynamodb_local import command, home, installation
from tidemark_localstack.dynamodb_local.artifacts import (
    COORDINATE,
    NATIVES,
    Artifact,
    digest,
    locked,
)
from tidemark_localstack.dynamodb_local.installation import (
    InstallError,
    for_this_machine,
    install,
    keep,
)


def test_an_artifact_survives_writing_and_parsing() -> None:
    artifact = Artifact("com.some", "some", "1.0", "jar", "abc")

    assert Artifact.parse(str(artifact)) == artifact


def test_the_lock_holds_the_pinned_release() -> None:
    assert COORDINATE in {f"{a.group}:{a.name}:{a.version}" for a in locked()}


@pytest.mark.parametrize(("system", "machine"), NATIVES)
def test_each_machine_gets_its_own_native_library(system: str, machine: str) -> None:
    chosen = for_this_machine(locked(), system=system, machine=machine)

    natives = [artifact.name for artifact in chosen if artifact.is_native]
    assert natives == [NATIVES[system, machine]]


def test_a_machine_without_a_native_library_gets_an_error_with_the_supported_ones() -> (
    None
):
    with pytest.raises(InstallError, match="does not run on Linux aarch64"):
        for_this_machine([], system="Linux", machine="aarch64")


def test_the_command_runs_in_memory_on_the_given_port() -> None:
    arguments = command(
        port=8000, java=Path("java"), library=home(), scratch=Path("/state/tmp")
    )

    assert arguments[0] == "java"
    assert arguments[arguments.index("-port") + 1] == "8000"
    assert {"-inMemory", "-sharedDb", "-Djava.io.tmpdir=/state/tmp"} <= {*arguments}


@needs_proc
def test_it_listens_on_the_loopback_interface_only() -> None:
    with running_dynamodb() as client:
        port = urlsplit(client.meta.endpoint_url).port
        [pid] = {found.pid for found in listeners() if found.port == port}

        addresses = {found.address for found in listeners() if found.pid == pid}

    assert addresses == {"127.0.0.1"}


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    path = tmp_path / "some-1.0.jar"
    path.write_bytes(b"classes")
    return path


@pytest.fixture
def prefix(tmp_path: Path, jar: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtual environment in which a DynamoDB Local of one file can be installed."""
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setattr(installation, "locked", lambda: [an_artifact(digest(jar))])
    monkeypatch.setattr(installation, "fetch", lambda artifact, scratch: jar)
    return tmp_path


def an_artifact(sha256: str) -> Artifact:
    return Artifact("com.some", "some", "1.0", "jar", sha256)


def test_a_second_installation_does_nothing(prefix: Path) -> None:
    assert install()
    assert not install()
    assert home() == prefix / "dynamodb-local"
    assert (home() / "some-1.0.jar").read_bytes() == b"classes"


def test_a_changed_lock_replaces_the_installation(
    prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    (home() / "stale.jar").touch()
    monkeypatch.setattr(installation, "locked", lambda: [an_artifact("another")])

    assert install()
    assert {path.name for path in home().iterdir()} == {"installed", "some-1.0.jar"}
    assert {path.name for path in prefix.iterdir()} == {
        "dynamodb-local",
        "some-1.0.jar",
    }


def test_a_download_is_copied_to_the_cache(jar: Path, tmp_path: Path) -> None:
    cached = tmp_path / "m2" / "some" / "some-1.0.jar"

    keep(jar, cached)

    assert digest(cached) == digest(jar)
    assert list(cached.parent.iterdir()) == [cached]


def test_a_missing_file_has_the_digest_of_an_empty_one(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()

    assert digest(tmp_path / "missing") == digest(empty)
