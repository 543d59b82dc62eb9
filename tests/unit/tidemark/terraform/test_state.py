from typing import Any

from tidemark.terraform.state import Owner, State

TOPIC = "arn:aws:sns:eu-west-1:123456789012:trading-alerts-dev"
ROLE = "arn:aws:iam::123456789012:role/data-processor-dev"


def state(*attributes: dict[str, Any], mode: str = "managed") -> State:
    instances = [{"attributes": each} for each in attributes]
    resource = {"mode": mode, "type": "aws_sns_topic", "instances": instances}
    return State({"resources": [resource]})


def test_a_state_knows_whose_its_resources_are() -> None:
    tags = {"Environment": "dev"}

    described = state(
        {"arn": TOPIC, "tags_all": tags},
        {"arn": ROLE, "tags_all": tags},
        {"id": "without an ARN"},
    )

    assert described.owners() == {Owner("123456789012", "eu-west-1", "dev")}


def test_what_has_no_tags_is_known_by_what_is_around_it() -> None:
    assert state({"arn": TOPIC}, {"arn": TOPIC, "tags_all": None}).owners() == set()


def test_what_is_only_looked_up_is_not_deployed() -> None:
    looked_up = state({"arn": TOPIC}, mode="data")

    assert looked_up.empty
    assert looked_up.owners() == set()


def test_a_state_of_nothing_is_empty() -> None:
    assert State({}).empty
    assert not state({"arn": TOPIC}).empty


def test_resources_are_asked_for_by_type() -> None:
    described = state({"arn": TOPIC})

    assert list(described.resources("aws_sns_topic")) == [{"arn": TOPIC}]
    assert list(described.resources("aws_sqs_queue")) == []


def test_outputs_are_name_and_value() -> None:
    described = State({"outputs": {"region": {"value": "us-east-1", "type": "string"}}})

    assert described.outputs() == {"region": "us-east-1"}
    assert State({}).outputs() == {}
