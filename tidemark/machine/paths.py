"""The folders in which the tool keeps what it creates, all of them in `.tidemark/`."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".tidemark"
LOGS = STATE / "logs"
# In a container, the folder of the image that holds what a host installs.
IMAGE = os.environ.get("TIDEMARK_IMAGE")
INSTALLED = Path(IMAGE) if IMAGE else STATE
LOCALSTACK = INSTALLED / "localstack"
RUNTIME = INSTALLED / "runtime"


def cloud_dir(port: int) -> Path:
    """Return the folder of the local cloud on a port, which holds its environments."""
    return STATE / "local" / str(port)
