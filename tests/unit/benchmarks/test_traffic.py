import pytest

from benchmarks.traffic import Call, Consumed, Rows, consumed

ROLE = "arn:aws:iam::000000000000:role/worker"
ROWS = Rows(mean_bytes=600, write_units=1)


def of(action: str, rows: int = 1) -> Call:
    return Call(ROLE, action, rows)


def test_each_statement_of_a_batch_is_a_write() -> None:
    made = {of("dynamodb:PartiQLInsert", 25): 4, of("dynamodb:PartiQLUpdate", 10): 3}

    found = consumed(made, Rows(1100, 2), consistent=True)

    assert found == Consumed(requests=7, writes=130, write_units=260)


def test_a_query_takes_the_units_of_the_rows_that_it_read() -> None:
    made = {of("dynamodb:Query", 50): 2, of("dynamodb:Query", 0): 1}

    assert consumed(made, ROWS, consistent=True).read_units == 2 * 8 + 1
    assert consumed(made, ROWS, consistent=False).read_units == (2 * 8 + 1) / 2


def test_a_row_that_is_read_by_its_key_takes_a_unit() -> None:
    made = {of("dynamodb:BatchGetItem", 10): 3, of("dynamodb:PartiQLSelect"): 2}

    assert consumed(made, ROWS, consistent=True).read_units == 32


def test_a_message_is_sent_received_and_deleted() -> None:
    made = {
        of("sqs:SendMessage"): 5,
        of("sqs:ReceiveMessage"): 70,
        of("sqs:DeleteMessage"): 4,
        of("sns:Publish"): 3,
        of("sts:AssumeRole"): 9,
    }

    found = consumed(made, ROWS, consistent=True)

    assert (found.queue_requests, found.notifications, found.requests) == (13, 3, 16)


def test_a_call_whose_price_is_not_known_is_refused() -> None:
    with pytest.raises(LookupError, match="dynamodb:Scan"):
        consumed({of("dynamodb:Scan", 9): 1}, ROWS, consistent=True)
