"""Where the tool keeps what it makes: everything under `.tidemark/`."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".tidemark"
LOGS = STATE / "logs"
# In a container its image brings what is installed here otherwise, and names where.
IMAGE = os.environ.get("TIDEMARK_IMAGE")
INSTALLED = Path(IMAGE) if IMAGE else STATE
LOCALSTACK = INSTALLED / "localstack"
RUNTIME = INSTALLED / "runtime"


def cloud_dir(port: int) -> Path:
    """What belongs to the local cloud on this port, its environments included."""
    return STATE / "local" / str(port)
