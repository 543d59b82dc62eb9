from typing import Any

import pytest

from tidemark.terraform.premade.references import References, Unresolved
from tidemark.terraform.state import State

STACK: dict[str, Any] = {
    "provider": {"aws": [{"region": "eu-west-1"}]},
    "resource": {
        "aws_iam_role": {"role": {"name": "processor-dev"}},
        "aws_sns_topic": {"alerts": {"name": "alerts-dev"}},
        "aws_dynamodb_table": {"prices": {"name": "prices-dev"}},
        "aws_kms_key": {"key": {}, "new": {}},
        "aws_kms_alias": {"alias": {"target": "${aws_kms_key.key.key_id}"}},
    },
}
STATE = State({}).with_resources({("aws_kms_key", "key"): {"key_id": "k-1"}})


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("${aws_kms_key.key.key_id}", "k-1"),
        ("${aws_kms_alias.alias.target}", "k-1"),
        ("${aws_sns_topic.alerts.name}", "alerts-dev"),
        (
            "${aws_sns_topic.alerts.arn}",
            "arn:aws:sns:eu-west-1:000000000000:alerts-dev",
        ),
        ("${aws_iam_role.role.arn}", "arn:aws:iam::000000000000:role/processor-dev"),
        (
            "${aws_dynamodb_table.prices.arn}",
            "arn:aws:dynamodb:eu-west-1:000000000000:table/prices-dev",
        ),
        ("id ${data.aws_caller_identity.us.account_id}.", "id 000000000000."),
        ("no reference", "no reference"),
        (3, 3),
    ],
)
def test_a_reference_is_replaced_by_the_value_that_terraform_will_find(
    reference: object, value: object
) -> None:
    references = References(STACK, STATE)

    assert references.resolve({"a": [reference]}) == {"a": [value]}


@pytest.mark.parametrize(
    "reference",
    [
        "${aws_dynamodb_table.prices.stream_arn}",
        "${aws_kms_key.new.arn}",
        "${aws_kms_key.absent.arn}",
        "${data.aws_region.here.id}",
        "${jsonencode(1)}",
    ],
)
def test_a_value_that_is_not_known_yet_is_not_guessed(reference: str) -> None:
    with pytest.raises(Unresolved):
        References(STACK, STATE).resolve(reference)
