import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tidemark.aws.account import Account, reason
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients


def test_the_line_says_where_and_as_whom(aws: Clients) -> None:
    line = Account.of(aws).line(aws.settings)

    assert line == (
        "Account 123456789012 (arn:aws:sts::123456789012:user/moto), "
        "region us-east-1, environment dev"
    )


def test_another_address_than_awss_is_told(
    aws: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account.of(aws)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")

    assert account.line(aws.settings).endswith(
        ", through AWS_ENDPOINT_URL=http://127.0.0.1:5000"
    )


def test_credentials_that_aws_refuses_are_one_line(
    aws: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    sts = boto3.client("sts", region_name="us-east-1")
    stubber = Stubber(sts)
    stubber.add_client_error("get_caller_identity", "ExpiredToken", "is expired")
    monkeypatch.setattr(Clients, "of", lambda clients, service: sts)

    with stubber, pytest.raises(ToolError, match=r"refuses .*: ExpiredToken, is ex"):
        Account.of(aws)


def test_a_page_for_an_answer_is_still_one_line() -> None:
    page = "<!doctype html>\n<title>404 Not Found</title>\n" + "x" * 500
    error = ClientError({"Error": {"Code": "404", "Message": page}}, "GetThing")

    told = reason(error)

    assert told.startswith("404, 404 Not Found xxx")
    assert len(told) < 220


def test_an_error_without_a_message_is_its_code() -> None:
    assert reason(ClientError({"Error": {"Code": "Throttled"}}, "Get")) == "Throttled"


def test_an_account_that_only_terraform_would_reach_is_refused() -> None:
    account = Account("123456789012", "me")

    account.check_terraforms("123456789012")
    with pytest.raises(ToolError, match=r"in account 210987654321, .* of account 1234"):
        account.check_terraforms("210987654321")


def test_an_address_that_only_terraform_would_use_is_refused(
    aws: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_AWS_STS_ENDPOINT", "http://127.0.0.1:5000")

    with pytest.raises(ToolError, match="AWS_ENDPOINT_URL_STS"):
        Account.of(aws)
