"""The index of AWS's services, by which LocalStack finds the service of a request.

`python -m tidemark_localstack.service_index` builds it in this virtual environment.
"""

import os
import sys
from pathlib import Path

from localstack.aws import spec


def folder() -> Path:
    """Return the folder that holds the index of this release of LocalStack."""
    return Path(sys.prefix)


def build() -> None:
    """Build the index, unless it exists. That parses the definitions of all services,
    which takes some seconds and 300 MB.
    """
    path = folder() / spec._get_catalog_filename()
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}")
        spec.build_service_index_cache(str(unfinished))
        unfinished.replace(path)


if __name__ == "__main__":
    build()
