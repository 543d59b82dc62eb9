"""LocalStack neither loads what it does not need nor keeps what it has freed."""

import json
import sys

import pytest

from tests.integration.emulator.localstack import output_of

INDEX = """
from localstack.aws import spec

from tidemark_localstack.patches import apply_all

apply_all()
catalog = spec.get_service_catalog()
print(len(catalog.service_names) > 300, catalog.get("sqs").service_name)
print(any("ec2" in str(key) for key in spec.loader._cache))
"""
# Blocks of 200 KB, each followed by a small one that stays.
FREED = """
import json
import threading

from tidemark_localstack import malloc


def resident_mb():
    pages = int(open("/proc/self/statm").read().split()[1])
    return pages * 4096 / 2**20


malloc.return_freed_memory()
bytearray(1_000_000)
before, kept = resident_mb(), []


def fill():
    large = []
    for _ in range(100):
        large.append(bytearray(200_000))
        kept.append(bytearray(2_000))


threads = [threading.Thread(target=fill) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(resident_mb() - before))
"""


def test_the_definitions_of_other_services_are_not_loaded() -> None:
    assert output_of(INDEX)[-2:] == ["True sqs", "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have no mallopt")
def test_large_blocks_that_were_freed_are_returned_to_the_system() -> None:
    assert json.loads(output_of(FREED)[-1]) < 10
