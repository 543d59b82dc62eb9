"""DynamoDB Local from Maven Central, pinned file by file in `maven.lock`.

`python -m tidemark_localstack.dynamodb_local install` installs it in this virtual
environment; `… lock` resolves the dependencies again and prints the new lock.
"""

import sys
from pathlib import Path

# The Java runtime of this environment has no compiler. Janino compiles the source file
# when DynamoDB Local starts, in a tenth of a second.
MAIN_CLASS = "org.codehaus.janino.SimpleCompiler"
SERVER = Path(__file__).with_name("LoopbackServer.java")


def home() -> Path:
    """Return the folder of DynamoDB Local in this virtual environment."""
    return Path(sys.prefix) / "dynamodb-local"


def command(*, port: int, java: Path, library: Path, scratch: Path) -> list[str]:
    """Return the command that runs DynamoDB Local on a `port` of 127.0.0.1, in memory.

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
        "-Djava.net.preferIPv4Stack=true",
        f"-Djava.io.tmpdir={scratch}",
        f"-Djava.library.path={library}",
        f"-Dsqlite4java.library.path={library}",
        *("-cp", f"{library}/*", MAIN_CLASS, str(SERVER), SERVER.stem),
        *("-port", str(port), "-inMemory", "-sharedDb", "-disableTelemetry"),
    ]
