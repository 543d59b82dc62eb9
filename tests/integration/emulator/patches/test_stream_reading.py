"""The poller of a changed mapping continues after the last record delivered."""

from tests.integration.emulator.localstack import output_of

PROGRAM = """
from types import SimpleNamespace

from tidemark_localstack.patches.lambda_ import stream_reading


def records(*numbers):
    return [{"dynamodb": {"SequenceNumber": number}} for number in numbers]


def poller(uuid):
    parameters = {"StartingPosition": "TRIM_HORIZON"}
    return SimpleNamespace(esm_uuid=uuid, stream_parameters=parameters)


def fail(*_):
    raise RuntimeError


first = poller("a")
stream_reading.forward_events(lambda *_: None, first, "shard", records("1", "2"))
try:
    stream_reading.forward_events(fail, first, "shard", records("3"))
except RuntimeError:
    pass
for changed in (poller("a"), poller("b")):
    print(stream_reading.position(changed).open([{"ShardId": "shard"}])["shard"])
"""


def test_what_was_delivered_is_not_read_again_and_what_failed_is() -> None:
    changed, other = output_of(PROGRAM)[-2:]

    assert "'AFTER_SEQUENCE_NUMBER', 'SequenceNumber': '2'" in changed
    assert "TRIM_HORIZON" in other
