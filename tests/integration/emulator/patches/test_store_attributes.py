"""Attributes of LocalStack's stores are created once."""

import pytest

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import time
from concurrent.futures import ThreadPoolExecutor

from localstack.services import stores

from tidemark_localstack.patches.localstack import store_attributes

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
def test_concurrent_first_reads_return_the_same_object(kind: str) -> None:
    assert output_of(PROGRAM.replace("KIND", kind))[-1] == "1"
