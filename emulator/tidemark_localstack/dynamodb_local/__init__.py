"""DynamoDB Local from Maven Central, pinned file by file in `maven.lock`.

`python -m tidemark_localstack.dynamodb_local install` puts it into this environment;
`… lock` prints the lock's next content.
"""

import sys
from pathlib import Path

MAIN_CLASS = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"


def home() -> Path:
    """Where this environment keeps DynamoDB Local."""
    return Path(sys.prefix) / "dynamodb-local"


def command(*, port: int, java: Path, library: Path, scratch: Path) -> list[str]:
    """An in-memory, shared DynamoDB Local on `port`, from a `home`.

    It runs its SQLite from a copy in `scratch`, where programs must be allowed.
    """
    return [
        str(java),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        # Up in half the time, and faster for the first thousands of calls.
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        f"-Djava.io.tmpdir={scratch}",
        f"-Djava.library.path={library}",
        f"-Dsqlite4java.library.path={library}",
        *("-cp", f"{library}/*", MAIN_CLASS),
        *("-port", str(port), "-inMemory", "-sharedDb", "-disableTelemetry"),
    ]
