"""Keep objects, and with them the code of functions, in the state folder.

LocalStack: keeps them in /tmp/localstack-s3-storage. The first user of the machine who
runs it owns that folder, and no other user can create a function.
Here: each local cloud has a folder of its own.

localstack/services/s3/provider.py
"""

import tempfile
from pathlib import Path
from typing import Any

from localstack.services.s3.storage.ephemeral import EphemeralS3ObjectStore

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(EphemeralS3ObjectStore, "__init__", create)


def create(original: Any, self: Any, root_directory: str | None = None) -> None:
    original(self, str(Path(tempfile.gettempdir(), "s3")))
