"""Terraform's state: in a file of one's own, or in a team's bucket."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.moto.clients import Clients
from tests.moto.environment import Environment

KEY = "tidemark/aws/us-east-1/green/terraform.tfstate"


def folder(environment: Environment) -> Path:
    return environment.checkout.folder / ".tidemark/aws/us-east-1" / environment.suffix


@pytest.fixture(scope="session")
def objects(deployed: object, clients: Clients, bucket: str) -> dict[str, Any]:
    """Every version of every object in the bucket, and the marks of deleted ones."""
    return dict(clients("s3").list_object_versions(Bucket=bucket))


def test_the_state_in_the_bucket_is_encrypted_and_has_versions(
    objects: dict[str, Any], clients: Clients, bucket: str
) -> None:
    state = clients("s3").head_object(Bucket=bucket, Key=KEY)
    versions = [each for each in objects["Versions"] if each["Key"] == KEY]

    assert state["ServerSideEncryption"] == "AES256"
    assert len(versions) > 1


def test_moto_encrypts_nothing_by_itself(
    locked_out: object, clients: Clients, bucket: str
) -> None:
    lock = clients("s3").head_object(Bucket=bucket, Key="red.tfstate.tflock")

    assert "ServerSideEncryption" not in lock


def test_with_a_bucket_no_file_has_a_resource(
    deployed: object, green: Environment
) -> None:
    files = [*folder(green).glob("**/*tfstate*"), *folder(green).glob("*.tfplan")]

    # Terraform notes there which bucket it is.
    assert {file.parent.name for file in files} == {".terraform"}
    assert not any("aws_lambda_function" in file.read_text() for file in files)


def test_without_a_bucket_the_file_has_it(deployed: object, blue: Environment) -> None:
    assert "aws_lambda_function" in (folder(blue) / "terraform.tfstate").read_text()


def test_whoever_changes_the_state_in_the_bucket_locks_it_and_lets_go(
    objects: dict[str, Any],
) -> None:
    made = [each for each in objects["Versions"] if each["Key"] == f"{KEY}.tflock"]
    gone = [each for each in objects["DeleteMarkers"] if each["Key"] == f"{KEY}.tflock"]

    assert len(made) == len(gone) >= 1


def test_a_state_that_somebody_holds_is_left_alone_with_a_clear_error(
    locked_out: Future[str], clients: Clients, bucket: str
) -> None:
    said = locked_out.result()
    objects = clients("s3").list_objects_v2(Bucket=bucket, Prefix="red")["Contents"]

    assert "locked" in said
    assert "desk@example.com" in said
    assert [each["Key"] for each in objects] == ["red.tfstate.tflock"]
