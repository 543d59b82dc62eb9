"""`make bench STOCK=1`: the same run on a local cloud with LocalStack's own pace.

That cloud is on a free port, without the emulator's patches of the mappings' pace, and
with LocalStack's defaults for the intervals that the emulator shortens. It still has
the emulator's functions and database: the open release of LocalStack has neither.
"""

import os
import subprocess

from benchmarks.ports import free_port
from tidemark.machine import paths

STOCK = {
    "TIDEMARK_STOCK_PACE": "1",
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "1",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "10",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "60",
    "LAMBDA_RETRY_BASE_DELAY": "60",
    # Longer than a mapping pauses.
    "BENCH_QUIET_S": "12",
}


def main() -> int:
    with free_port() as port:
        variables = {**os.environ, **STOCK, "LOCALSTACK_PORT": str(port)}

        def tool(*arguments: str) -> int:
            command = ["bin/tidemark", *arguments]
            return subprocess.run(command, cwd=paths.ROOT, env=variables).returncode

        try:
            return tool("up") or tool("python", "-m", "benchmarks.bench")
        finally:
            tool("down")


if __name__ == "__main__":
    raise SystemExit(main())
