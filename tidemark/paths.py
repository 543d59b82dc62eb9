"""Where the tool keeps what it makes: everything under `.tidemark/`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".tidemark"
LOGS = STATE / "logs"
LOCALSTACK = STATE / "localstack"
RUNTIME = STATE / "runtime"


def cloud_dir(port: int) -> Path:
    """What belongs to the local cloud on this port, its environments included."""
    return STATE / "local" / str(port)
