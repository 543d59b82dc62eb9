"""Each distinct call is recorded once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tidemark_localstack.call_recording.key_use import KEY_USE
from tidemark_localstack.call_recording.record import Call, CallRecord

ROLE = "arn:aws:iam::000000000000:role/worker"
QUEUE = "arn:aws:sqs:eu-west-1:000000000000:orders"
KEY = "arn:aws:kms:eu-west-1:000000000000:key/1234"
SEND = Call(ROLE, "sqs:SendMessage", QUEUE)
DECRYPT = Call(ROLE, "kms:Decrypt", KEY, derived=True)
INVOKE = Call("logs.amazonaws.com", "lambda:InvokeFunction", "arn:f", source="arn:g")


def test_calls_are_returned_in_the_order_in_which_they_were_noted() -> None:
    record = CallRecord()

    new = [record.note(call) for call in (SEND, DECRYPT, INVOKE)]

    assert new == [True, True, True]
    assert record.calls() == [SEND, DECRYPT, INVOKE]


def test_a_call_from_several_threads_is_new_once() -> None:
    record = CallRecord()

    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(record.note, [SEND, DECRYPT] * 500))

    assert sum(new) == 2
    assert {*record.calls()} == {SEND, DECRYPT}


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
def test_an_action_on_an_encrypted_resource_needs_its_key(
    action: str, asked: set[str]
) -> None:
    assert set(KEY_USE[action]) == asked
