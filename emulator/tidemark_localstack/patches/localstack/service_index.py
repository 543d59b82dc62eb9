"""Load the index of AWS's services from a file.

LocalStack: has such a file in its container image only. Elsewhere, its first request
parses the definitions of all services, and it keeps them: 300 MB.
Here: the file is built when LocalStack is installed.

localstack/aws/spec.py
"""

from localstack import config

from tidemark_localstack import service_index
from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(config.dirs, "static_libs", str(service_index.folder()))
