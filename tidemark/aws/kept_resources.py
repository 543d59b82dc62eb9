"""What AWS keeps of an environment after it was destroyed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tidemark.terraform.plan import Change, Plan

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
BACKUP_DAYS = 35


def remains(plan: Plan, *, now: datetime | None = None) -> Iterator[str]:
    """Yield a line for each resource that AWS keeps after the plan was applied."""
    today = now or datetime.now(UTC)
    for change in plan.changes:
        if change.kind == "aws_kms_key":
            yield _key(change, today)
        elif change.kind == "aws_dynamodb_table" and _recoverable(change):
            yield _backup(change, today)


def _key(change: Change, today: datetime) -> str:
    days = change.before["deletion_window_in_days"]
    key_id = change.before["key_id"]
    return (
        f"Key {key_id} will be deleted on {today + timedelta(days):%Y-%m-%d}; until "
        f"then `aws kms cancel-key-deletion --key-id {key_id}` restores it."
    )


def _recoverable(change: Change) -> bool:
    return any(each["enabled"] for each in change.before["point_in_time_recovery"])


def _backup(change: Change, today: datetime) -> str:
    # Encrypted with the table's key: it can be restored while there is the key.
    return (
        f"Table {change.before['name']} has a system backup, at no cost, until "
        f"{today + timedelta(BACKUP_DAYS):%Y-%m-%d}; it needs the key to be restored."
    )
