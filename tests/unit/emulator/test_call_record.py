"""Each call is written down once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tidemark_localstack.call_record import Call, CallRecord, read
from tidemark_localstack.key_use import KEY_USE

ROLE = "arn:aws:iam::000000000000:role/worker"
QUEUE = "arn:aws:sqs:eu-west-1:000000000000:orders"
KEY = "arn:aws:kms:eu-west-1:000000000000:key/1234"
SEND = Call(ROLE, "sqs:SendMessage", QUEUE)
DECRYPT = Call(ROLE, "kms:Decrypt", KEY, derived=True)
INVOKE = Call("logs.amazonaws.com", "lambda:InvokeFunction", "arn:f", source="arn:g")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def test_what_is_noted_can_be_read(path: Path) -> None:
    record = CallRecord(path)

    new = [record.note(call) for call in (SEND, DECRYPT, INVOKE)]

    assert new == [True, True, True]
    assert read(path) == {SEND, DECRYPT, INVOKE}


def test_what_is_known_is_not_written_again(path: Path) -> None:
    record = CallRecord(path)
    record.note(SEND)
    path.unlink()

    assert not record.note(SEND)
    assert not path.exists()


def test_a_call_by_many_at_once_is_new_once(path: Path) -> None:
    record = CallRecord(path)

    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(record.note, [SEND, DECRYPT] * 500))

    assert sum(new) == 2
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("sqs:SendMessage", {"kms:Decrypt", "kms:GenerateDataKey"}),
        ("sqs:ReceiveMessage", {"kms:Decrypt"}),
        ("sns:Publish", {"kms:Decrypt", "kms:GenerateDataKey"}),
        ("dynamodb:PartiQLInsert", {"kms:Decrypt"}),
        ("dynamodb:GetRecords", {"kms:Decrypt"}),
    ],
)
def test_what_is_encrypted_asks_for_its_key(action: str, asked: set[str]) -> None:
    assert set(KEY_USE[action]) == asked
