"""What LocalStack's stores hold, when it is first read."""

import pytest

from tests.integration.emulator.localstack import said_by

PROGRAM = """
import time
from concurrent.futures import ThreadPoolExecutor

from localstack.services import stores

from tidemark_localstack.patches import store_attributes

store_attributes.apply()


def slowly():
    time.sleep(0.2)
    return {}


class Store(stores.BaseStore):
    kept = stores.KIND(default=slowly)


store = stores.AccountRegionBundle("sns", Store)["000000000000"]["us-east-1"]
with ThreadPoolExecutor(4) as pool:
    read = list(pool.map(lambda number: store.kept, range(4)))
print(len({id(kept) for kept in read}))
"""


@pytest.mark.parametrize(
    "kind", ["LocalAttribute", "CrossRegionAttribute", "CrossAccountAttribute"]
)
def test_whoever_reads_it_first_reads_the_same(kind: str) -> None:
    assert said_by(PROGRAM.replace("KIND", kind))[-1] == "1"
