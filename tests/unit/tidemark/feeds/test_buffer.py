import asyncio
import json

from tests.unit.tidemark.feeds.kraken_frames import KRAKEN, frame, trade
from tidemark.feeds.transfer.buffer import OVERHEAD, Batch, Buffer
from tidemark.feeds.transfer.frames import LARGEST_FRAME, Frame, Source

BITFINEX = Source("bitfinex", (("symbol", "tBTCUSD"),))


def buffer(limit: int = 10**6) -> tuple[Buffer, list[Frame]]:
    dropped: list[Frame] = []
    return Buffer(dropped.extend, limit), dropped


def taken(filled: Buffer, count: int) -> list[Batch]:
    async def take() -> list[Batch]:
        return [await filled.take() for _ in range(count)]

    return asyncio.run(take())


def test_frames_of_one_source_are_posted_together_unchanged() -> None:
    filled, _ = buffer()
    texts = [b'{"a": 1.0}', b'{"b":  2}', b"[1]"]
    for text in texts:
        filled.put(frame(trade(1), body=text))

    [batch] = taken(filled, 1)

    assert batch.body == b'[{"a": 1.0},{"b":  2},[1]]'
    assert (len(filled), filled.size) == (0, 0)


def test_a_frame_alone_is_posted_as_it_came() -> None:
    filled, _ = buffer()
    filled.put(frame(trade(1), body=b'[17,"te",[1]]'))

    [batch] = taken(filled, 1)

    assert batch.body == b'[17,"te",[1]]'


def test_each_source_has_batches_of_its_own_and_the_oldest_is_first() -> None:
    filled, _ = buffer()
    for source in (KRAKEN, BITFINEX, KRAKEN):
        filled.put(frame(trade(1), source=source))

    first, second = taken(filled, 2)

    assert (first.source, len(first.frames)) == (KRAKEN, 2)
    assert (second.source, len(second.frames)) == (BITFINEX, 1)


def test_a_batch_fits_into_a_webhook() -> None:
    filled, _ = buffer()
    for _ in range(50):
        filled.put(frame(trade(1), body=json.dumps("x" * 10_000).encode()))

    batches = taken(filled, 3)

    assert sum(len(batch.frames) for batch in batches) == 50
    assert all(len(batch.body) <= LARGEST_FRAME + 1 for batch in batches)


def test_the_oldest_frames_are_dropped_where_there_is_no_room() -> None:
    each = frame(trade(0)).size + 2 * OVERHEAD
    filled, dropped = buffer(limit=3 * each)
    frames = [frame(trade(number)) for number in range(5)]

    for arriving in frames:
        filled.put(arriving)

    assert dropped == frames[:2]
    assert filled.empty() == frames[2:]


def test_the_newest_frame_has_room_whatever_its_size() -> None:
    filled, dropped = buffer(limit=1)
    frames = [frame(trade(number)) for number in range(2)]

    for arriving in frames:
        filled.put(arriving)

    assert dropped == frames[:1]
    assert filled.empty() == frames[1:]


def test_who_takes_waits_for_a_frame() -> None:
    async def take() -> Batch:
        filled, _ = buffer()
        taking = asyncio.create_task(filled.take())
        await asyncio.sleep(0)
        filled.put(frame(trade(1)))
        return await taking

    assert len(asyncio.run(take()).frames) == 1


def test_the_halves_of_a_batch_have_all_of_it() -> None:
    frames = tuple(frame(trade(number)) for number in range(5))

    first, second = Batch(KRAKEN, frames).halves()

    assert first.frames + second.frames == frames
    assert (len(first.frames), len(second.frames)) == (2, 3)
