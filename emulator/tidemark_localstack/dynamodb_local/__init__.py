"""DynamoDB Local from Maven Central, pinned file by file in `maven.lock`.

`python -m tidemark_localstack.dynamodb_local install` installs it in this virtual
environment; `… lock` resolves the dependencies again and prints the new lock.
"""

import sys
from pathlib import Path

MAIN_CLASS = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"


def home() -> Path:
    """Return the folder of DynamoDB Local in this virtual environment."""
    return Path(sys.prefix) / "dynamodb-local"


def command(*, port: int, java: Path, library: Path, scratch: Path) -> list[str]:
    """Return the command that runs DynamoDB Local on `port`, in memory and shared.

    `library` is the folder of a `home`. SQLite is copied to `scratch` and loaded from
    there, so that file system must allow execution.
    """
    return [
        str(java),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        # Halves the time to start, and is faster for the first thousands of calls.
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        f"-Djava.io.tmpdir={scratch}",
        f"-Djava.library.path={library}",
        f"-Dsqlite4java.library.path={library}",
        *("-cp", f"{library}/*", MAIN_CLASS),
        *("-port", str(port), "-inMemory", "-sharedDb", "-disableTelemetry"),
    ]
