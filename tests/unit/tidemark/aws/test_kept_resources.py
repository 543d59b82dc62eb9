from datetime import UTC, datetime

from tests.unit.tidemark.plans import change, plan
from tidemark.aws.kept_resources import remains

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_key_can_be_had_back_for_its_window() -> None:
    key = {"key_id": "abc", "deletion_window_in_days": 7}

    [line] = remains(plan(change("aws_kms_key.key", "delete", before=key)), now=NOW)

    assert line.startswith("Key abc will be deleted on 2026-11-28;")
    assert "`aws kms cancel-key-deletion --key-id abc`" in line


def test_a_table_leaves_a_backup() -> None:
    table = {"name": "prices-dev", "point_in_time_recovery": [{"enabled": True}]}

    [line] = remains(
        plan(change("aws_dynamodb_table.p", "delete", before=table)), now=NOW
    )

    assert line.startswith("Table prices-dev has a system backup")
    assert "2026-12-26" in line


def test_a_table_without_recovery_leaves_nothing() -> None:
    table = {"name": "prices-dev", "point_in_time_recovery": [{"enabled": False}]}
    gone = plan(
        change("aws_dynamodb_table.p", "delete", before=table),
        change("aws_sqs_queue.q", "delete", before={"name": "q"}),
    )

    assert list(remains(gone)) == []
