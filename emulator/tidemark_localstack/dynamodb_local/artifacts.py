"""The files of Maven Central that make up DynamoDB Local."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

COORDINATE = "com.amazonaws:DynamoDBLocal:2.6.1"
# By system and machine. The last is not a dependency of DynamoDB Local's release.
NATIVES = {
    ("Linux", "x86_64"): "libsqlite4java-linux-amd64",
    ("Darwin", "x86_64"): "libsqlite4java-osx",
    ("Darwin", "arm64"): "libsqlite4java-osx-aarch64",
}
APPLE_SILICON = ("io.github.ganadist.sqlite4java", "libsqlite4java-osx-aarch64")
# The compiler of LoopbackServer.java. Named one by one, because jgo cannot resolve the
# version of the second from the first.
JANINO = "3.1.12"
COMPILER = ("janino", "commons-compiler")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file, in the lock a line: `group:name:version:extension sha256`."""

    group: str
    name: str
    version: str
    extension: str
    sha256: str

    @classmethod
    def parse(cls, line: str) -> "Artifact":
        coordinate, sha256 = line.split()
        group, name, version, extension = coordinate.split(":")
        return cls(group, name, version, extension, sha256)

    def __str__(self) -> str:
        return f"{self.group}:{self.name}:{self.version}:{self.extension} {self.sha256}"

    @property
    def is_native(self) -> bool:
        return self.extension != "jar"


def locked() -> list[Artifact]:
    """Return the artifacts in the lock, for all machines."""
    lock = files(__package__).joinpath("maven.lock").read_text()
    return [Artifact.parse(line) for line in lock.splitlines()]


def resolve() -> Iterator[Artifact]:
    """Resolve the pinned release and its dependencies with Maven."""
    import jgo
    from jgo.maven import MavenContext

    maven = MavenContext()
    silicon = maven.project(*APPLE_SILICON).at_version("1.0.392")
    found: list[Any] = [*jgo.resolve(COORDINATE), silicon.artifact(packaging="dylib")]
    for name in COMPILER:
        project = maven.project("org.codehaus.janino", name)
        found.append(project.at_version(JANINO).artifact(packaging="jar"))
    for artifact in found:
        if artifact.packaging == "jar" or artifact.artifactId in NATIVES.values():
            yield Artifact(
                artifact.groupId,
                artifact.artifactId,
                artifact.version,
                artifact.packaging,
                digest(artifact.resolve()),
            )


def digest(path: Path) -> str:
    """Return the SHA-256 of the file, or of no bytes if there is no file."""
    content = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(content).hexdigest()
