"""Credentials by which the tool and Terraform's provider would work in two accounts."""

from pathlib import Path

import boto3
import pytest

from tests.moto.checkout import Checkout, CommandFailed
from tests.moto.clients import REGION, Clients
from tests.moto.environment import Environment

OTHER = "111111111111"
PROFILES = """[default-profile]
aws_access_key_id = testing
aws_secret_access_key = testing

[other]
aws_access_key_id = {AccessKeyId}
aws_secret_access_key = {SecretAccessKey}
aws_session_token = {SessionToken}
"""


def test_nothing_is_deployed_where_terraform_would_work_in_another_account(
    checkout: Checkout, clients: Clients, endpoint_url: str, tmp_path: Path
) -> None:
    role = f"arn:aws:iam::{OTHER}:role/deployer"
    assumed = clients("sts").assume_role(RoleArn=role, RoleSessionName="test")
    credentials = tmp_path / "credentials"
    credentials.write_text(PROFILES.format(**assumed["Credentials"]))
    # boto3 prefers AWS_DEFAULT_PROFILE, Terraform's provider AWS_PROFILE.
    settings = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_DEFAULT_PROFILE": "default-profile",
        "AWS_PROFILE": "other",
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
    }

    with pytest.raises(CommandFailed) as refused:
        Environment(checkout, "violet", settings).tidemark("deploy")

    said = refused.value.output
    assert f"Terraform would work in account {OTHER}, and these credentials are" in said
    others = boto3.client(
        "dynamodb",
        REGION,
        endpoint_url=endpoint_url,
        aws_access_key_id=assumed["Credentials"]["AccessKeyId"],
        aws_secret_access_key=assumed["Credentials"]["SecretAccessKey"],
        aws_session_token=assumed["Credentials"]["SessionToken"],
    )
    tables = [
        each.list_tables()["TableNames"] for each in (clients("dynamodb"), others)
    ]
    assert tables == [[], []]
