import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import Stubber

from tests.unit.tidemark.plans import change, created, plan
from tidemark.aws import taken_names
from tidemark.aws.taken_names import Held
from tidemark.stored.clients import Clients

ENTERED = {
    "aws_cloudwatch_dashboard": {"dashboard_name": "x-dev"},
    "aws_cloudwatch_log_group": {"name": "/aws/lambda/x-dev"},
    "aws_dynamodb_table": {"name": "x-dev"},
    "aws_iam_role": {"name": "x-dev"},
    "aws_kms_alias": {"name": "alias/x-dev"},
    "aws_lambda_event_source_mapping": {"function_name": "x-dev"},
    "aws_lambda_function": {"function_name": "x-dev"},
    "aws_secretsmanager_secret": {"name": "x-dev"},
    "aws_sns_topic": {"name": "x-dev"},
    "aws_sqs_queue": {"name": "x-dev"},
}


def make_dashboard(aws: Clients) -> None:
    aws.cloudwatch.put_dashboard(DashboardName="x-dev", DashboardBody="{}")


def make_log_group(aws: Clients) -> None:
    aws.logs.create_log_group(logGroupName="/aws/lambda/x-dev")


def make_table(aws: Clients) -> None:
    aws.dynamodb.create_table(
        TableName="x-dev",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "symbol", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "symbol", "KeyType": "HASH"}],
    )


def make_role(aws: Clients) -> None:
    aws.of("iam").create_role(RoleName="x-dev", AssumeRolePolicyDocument="{}")


def make_alias(aws: Clients) -> None:
    key = aws.of("kms").create_key()["KeyMetadata"]["KeyId"]
    aws.of("kms").create_alias(AliasName="alias/x-dev", TargetKeyId=key)


def make_function(aws: Clients) -> None:
    trust = {"Statement": [{"Principal": {"Service": "lambda.amazonaws.com"}}]}
    role = aws.of("iam").create_role(
        RoleName="other", AssumeRolePolicyDocument=json.dumps(trust)
    )
    aws.of("lambda").create_function(
        FunctionName="x-dev",
        Role=role["Role"]["Arn"],
        Runtime="python3.13",
        Handler="x.y",
        Code={"ZipFile": b"x"},
    )


def make_mapping(aws: Clients) -> None:
    make_function(aws)
    make_queue(aws)
    aws.of("lambda").create_event_source_mapping(
        FunctionName="x-dev", EventSourceArn="arn:aws:sqs:us-east-1:123456789012:x-dev"
    )


def make_secret(aws: Clients) -> None:
    aws.of("secretsmanager").create_secret(Name="x-dev", SecretString="x")


def make_queue(aws: Clients) -> None:
    aws.sqs.create_queue(QueueName="x-dev")


def make_topic(aws: Clients) -> None:
    aws.sns.create_topic(Name="x-dev")


MAKERS = [
    ("aws_cloudwatch_dashboard", make_dashboard),
    ("aws_cloudwatch_log_group", make_log_group),
    ("aws_dynamodb_table", make_table),
    ("aws_iam_role", make_role),
    ("aws_kms_alias", make_alias),
    ("aws_lambda_event_source_mapping", make_mapping),
    ("aws_lambda_function", make_function),
    ("aws_secretsmanager_secret", make_secret),
    ("aws_sns_topic", make_topic),
    ("aws_sqs_queue", make_queue),
]


@pytest.mark.parametrize("kind", taken_names.KINDS)
def test_a_name_that_is_free_is_no_problem(aws: Clients, kind: str) -> None:
    wanted = plan(created(f"{kind}.x", **ENTERED[kind]))

    assert list(taken_names.held(wanted, aws)) == []


@pytest.mark.parametrize(("kind", "make"), MAKERS)
def test_a_name_that_is_taken_is_found(
    aws: Clients, kind: str, make: Callable[[Clients], None]
) -> None:
    make(aws)

    [held] = taken_names.held(plan(created(f"{kind}.x", **ENTERED[kind])), aws)

    assert held == Held(
        taken_names.KINDS[kind].word, *ENTERED[kind].values(), until=None
    )


@pytest.mark.parametrize(
    ("kind", "make", "import_id"),
    [
        ("aws_iam_role", make_role, "x-dev"),
        ("aws_lambda_event_source_mapping", make_mapping, r"[0-9a-f-]{36}"),
        ("aws_sns_topic", make_topic, "arn:aws:sns:us-east-1:[0-9]{12}:x-dev"),
        ("aws_sqs_queue", make_queue, "https://[^/]+/[0-9]{12}/x-dev"),
    ],
)
def test_what_is_found_says_how_terraform_imports_it(
    aws: Clients, kind: str, make: Callable[[Clients], None], import_id: str
) -> None:
    make(aws)

    [held] = taken_names.held(plan(created(f"{kind}.x", **ENTERED[kind])), aws)

    assert isinstance(held, Held)
    assert held.address == f"{kind}.x"
    assert re.fullmatch(import_id, held.import_id)


def test_a_name_that_is_not_known_yet_is_not_looked_for(aws: Clients) -> None:
    wanted = plan(created("aws_lambda_event_source_mapping.x", batch_size=25))

    assert taken_names.wanted(wanted) == {"aws_lambda_event_source_mapping.x": None}
    assert list(taken_names.held(wanted, aws)) == []


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _ in MAKERS} == ENTERED.keys() == taken_names.KINDS.keys()


def test_a_longer_name_holds_no_shorter_one(aws: Clients) -> None:
    aws.logs.create_log_group(logGroupName="/aws/lambda/x-dev-2")
    wanted = created("aws_cloudwatch_log_group.x", name="/aws/lambda/x-dev")

    assert list(taken_names.held(plan(wanted), aws)) == []


def test_only_what_the_plan_makes_is_looked_for(aws: Clients) -> None:
    make_queue(aws)
    kept = {"name": "x-dev"}
    wanted = plan(
        change("aws_sqs_queue.x", "update", before=kept, after=kept),
        created("aws_lambda_permission.x", action="lambda:InvokeFunction"),
    )

    assert list(taken_names.held(wanted, aws)) == []


@pytest.mark.parametrize("actions", [("delete", "create"), ("create", "delete")])
def test_the_new_name_of_a_replaced_resource_is_looked_for(
    aws: Clients, actions: tuple[str, str]
) -> None:
    make_queue(aws)
    renamed = change(
        "aws_sqs_queue.x", *actions, before={"name": "y-dev"}, after={"name": "x-dev"}
    )

    assert list(taken_names.held(plan(renamed), aws)) == [Held("queue", "x-dev", None)]


def test_a_name_that_its_own_resource_gives_up_first_is_free(aws: Clients) -> None:
    make_queue(aws)
    same = {"name": "x-dev"}
    replaced = change("aws_sqs_queue.x", "delete", "create", before=same, after=same)

    assert list(taken_names.held(plan(replaced), aws)) == []


def test_a_name_that_is_needed_before_its_resource_gives_it_up_is_taken(
    aws: Clients,
) -> None:
    make_queue(aws)
    same = {"name": "x-dev"}
    replaced = change("aws_sqs_queue.x", "create", "delete", before=same, after=same)

    assert list(taken_names.held(plan(replaced), aws)) == [Held("queue", "x-dev", None)]


def test_an_alias_of_a_key_that_awaits_deletion_says_until_when(aws: Clients) -> None:
    make_alias(aws)
    aws.of("kms").schedule_key_deletion(
        KeyId=aws.of("kms").describe_key(KeyId="alias/x-dev")["KeyMetadata"]["KeyId"],
        PendingWindowInDays=7,
    )

    [held] = taken_names.held(plan(created("aws_kms_alias.x", name="alias/x-dev")), aws)

    assert isinstance(held, Held)
    assert held.until is not None


def test_a_secret_that_awaits_deletion_says_until_when(aws: Clients) -> None:
    make_secret(aws)
    aws.of("secretsmanager").delete_secret(SecretId="x-dev", RecoveryWindowInDays=7)

    [held] = taken_names.held(
        plan(created("aws_secretsmanager_secret.x", name="x-dev")), aws
    )

    assert isinstance(held, Held)
    assert held.until is not None


def test_what_may_not_be_looked_for_is_told(
    aws: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = boto3.client("iam")
    stubber = Stubber(iam)
    stubber.add_client_error("get_role", "AccessDenied", "no")
    monkeypatch.setattr(Clients, "of", lambda clients, service: iam)

    with stubber:
        told = list(
            taken_names.held(plan(created("aws_iam_role.x", name="x-dev")), aws)
        )

    assert told == ["Could not check whether role x-dev exists: AccessDenied, no"]


def test_names_of_something_living_are_told_together() -> None:
    taken = [Held("table", "prices-dev", None), Held("queue", "data-dev", None)]

    [line] = taken_names.problems(taken)

    assert line.startswith(
        "These exist already and are not in this state: table prices-dev, "
    )
    assert "ENVIRONMENT_SUFFIX" in line


@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("key", "`aws kms delete-alias --alias-name x-dev`"),
        ("secret", "`aws secretsmanager restore-secret --secret-id x-dev`"),
    ],
)
def test_a_name_that_comes_free_says_when_and_how(word: str, command: str) -> None:
    [line] = taken_names.problems(
        [Held(word, "x-dev", datetime(2026, 11, 28, tzinfo=UTC))]
    )

    assert f"x-dev belongs to a {word} whose deletion is due on 2026-11-28" in line
    assert command in line
