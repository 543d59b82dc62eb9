"""The batches of one key are delivered in order, those of other keys meanwhile."""

import threading
from collections.abc import Callable
from typing import Any

from tidemark_localstack.stream_batch import Record, StreamBatch
from tidemark_localstack.stream_lanes import Lane, Lanes

PATIENCE_S = 10
# These are in the first and in the second of two lanes.
FIRST, SECOND = "BTC", "ETH"


def record(symbol: str, number: int) -> Record:
    keys = {"symbol": {"S": symbol}, "timestamp": {"N": str(number)}}
    return {"eventID": f"{symbol}-{number}", "dynamodb": {"Keys": keys}}


def two_lanes(deliver: Callable[[list[Record]], Any], *, size: int = 1) -> Lanes:
    lanes = [Lane(StreamBatch(size=size, window_s=0), deliver) for _ in range(2)]
    return Lanes(lanes, "symbol")


class Function:
    """Takes batches; those of the first symbol wait until they are let go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.let_go = threading.Event()
        self.of_second = threading.Event()

    def __call__(self, records: list[Record]) -> None:
        names = [record["eventID"] for record in records]
        if names[0].startswith(FIRST):
            assert self.let_go.wait(PATIENCE_S)
        self.batches.append(names)
        if names[0].startswith(SECOND):
            self.of_second.set()


def test_a_batch_of_one_key_does_not_wait_for_one_of_another() -> None:
    function = Function()
    lanes = two_lanes(function)
    lanes.add([record(FIRST, 1), record(SECOND, 1)])

    lanes.deliver(end=False)

    assert function.of_second.wait(PATIENCE_S)
    assert function.batches == [[f"{SECOND}-1"]]
    function.let_go.set()
    lanes.deliver(end=True)


def test_the_batches_of_one_key_come_in_order_and_one_at_a_time() -> None:
    function = Function()
    lanes = two_lanes(function, size=2)
    lanes.add([record(FIRST, number) for number in range(5)])
    lanes.deliver(end=False)
    function.let_go.set()

    lanes.deliver(end=True)

    names = [f"{FIRST}-{number}" for number in range(5)]
    assert function.batches == [names[:2], names[2:4], names[4:]]


def test_the_end_of_a_shard_waits_until_all_is_delivered() -> None:
    function = Function()
    lanes = two_lanes(function)
    lanes.add([record(FIRST, 1), record(SECOND, 1)])
    lanes.deliver(end=False)
    threading.Timer(0.05, function.let_go.set).start()

    lanes.deliver(end=True)

    assert sorted(function.batches) == [[f"{FIRST}-1"], [f"{SECOND}-1"]]


def test_while_a_whole_batch_waits_behind_one_no_more_is_taken_in() -> None:
    function = Function()
    lanes = two_lanes(function)
    lanes.add([record(FIRST, 1)])
    lanes.deliver(end=False)
    lanes.add([record(FIRST, 2)])
    threading.Timer(0.05, function.let_go.set).start()

    lanes.add([record(FIRST, 3)])

    assert function.let_go.is_set()
    lanes.deliver(end=True)
    assert len(function.batches) == 3


def test_a_failing_batch_does_not_stop_its_lane() -> None:
    delivered: list[str] = []

    def deliver(records: list[Record]) -> None:
        delivered.append(records[0]["eventID"])
        raise RuntimeError("failed")

    lanes = two_lanes(deliver)
    lanes.add([record(FIRST, 1), record(FIRST, 2)])

    lanes.deliver(end=True)

    assert delivered == [f"{FIRST}-1", f"{FIRST}-2"]


def test_a_single_lane_delivers_before_it_returns() -> None:
    delivered: list[list[Record]] = []
    batch = StreamBatch(size=1, window_s=0)
    lanes = Lanes([Lane(batch, delivered.append)], "symbol")
    lanes.add([record(FIRST, 1)])
    assert lanes.is_full

    lanes.deliver(end=False)

    assert len(delivered) == 1
