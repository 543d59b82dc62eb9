import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from infra.main import synthesise
from infra.settings import load_settings
from infra.target import target_of
from tests.infra.synthesised import Stack, ref


def backend(**settings: str) -> Any:
    """What the target of these settings declares, alone in a stack."""
    chosen = load_settings(env_file=None, **settings)
    stack = TerraformStack(App(), "states")
    target_of(chosen).keep_state(stack)
    return stack.to_terraform()["terraform"]["backend"]


@pytest.fixture(scope="session")
def local_on_aws(
    no_settings_from_outside: None,
    archive: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Stack:
    """What `local` is with the same settings, but for the target."""
    settings = load_settings(
        env_file=None, target="aws", environment_suffix="blue", localstack_port=4999
    )
    return Stack.read(
        synthesise(settings, archive=archive, outdir=tmp_path_factory.mktemp("twin"))
    )


def differences(one: Any, other: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """The paths at which two JSON documents differ; lists are compared whole."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from differences(one.get(name), other.get(name), *path, name)
    elif one != other:
        yield path


def test_the_targets_differ_in_provider_state_and_addresses_alone(
    local: Stack, local_on_aws: Stack
) -> None:
    assert set(differences(local.document, local_on_aws.document)) == {
        ("provider", "aws"),
        ("terraform", "backend", "local", "path"),
        # Two outputs name an address, of which each cloud has its own.
        ("output", "endpoint_url", "value"),
        ("output", "webhook_url", "value"),
    }


def test_the_local_provider_talks_to_the_local_cloud_alone(local: Stack) -> None:
    (endpoints,) = local.provider["endpoints"]

    assert set(endpoints) == {
        "apigateway",
        "cloudwatch",
        "dynamodb",
        "iam",
        "kms",
        "lambda",
        "logs",
        "secretsmanager",
        "sns",
        "sqs",
        "sts",
    }
    assert set(endpoints.values()) == {"http://localhost:4999"}
    assert local.provider["skip_credentials_validation"] is True
    assert local.provider["skip_metadata_api_check"] == "true"


def test_on_aws_the_provider_has_a_region_and_tags_and_nothing_else(
    aws: Stack,
) -> None:
    assert aws.provider == {
        "region": "eu-central-1",
        "default_tags": [
            {"tags": {"Environment": "blue", "Team": "desk", "CostCenter": "cc-1"}}
        ],
    }


def test_everything_is_tagged_from_the_settings(local: Stack) -> None:
    assert local.provider["default_tags"] == [
        {
            "tags": {
                "Environment": "blue",
                "Team": "market-data",
                "CostCenter": "tidemark",
            }
        }
    ]


def test_the_webhook_url_is_one_that_answers(local: Stack, aws: Stack) -> None:
    stage = ("aws_api_gateway_stage", "webhooks-stage")
    api_id, name = ref(*stage, "rest_api_id"), ref(*stage, "stage_name")

    assert local.outputs["webhook_url"] == (
        f"http://localhost:4999/_aws/execute-api/{api_id}/{name}/webhooks"
    )
    assert aws.outputs["webhook_url"] == f"{ref(*stage, 'invoke_url')}/webhooks"


def test_both_targets_have_the_same_resources(local: Stack, aws: Stack) -> None:
    def kinds_and_ids(stack: Stack) -> dict[str, Any]:
        resources = copy.deepcopy(stack.document["resource"])
        resources["aws_sns_topic_subscription"] = {"notifications-subscription": None}
        return {kind: set(found) for kind, found in resources.items()}

    assert kinds_and_ids(local) == kinds_and_ids(aws)


def test_the_local_state_lies_where_terraform_runs(local: Stack) -> None:
    assert local.document["terraform"]["backend"] == {
        "local": {"path": "terraform.tfstate"}
    }


def test_the_state_of_aws_is_a_file_that_no_synth_overwrites(aws: Stack) -> None:
    # Seen from cdktf.out/stacks/tidemark, where the official CLI runs Terraform.
    assert aws.document["terraform"]["backend"] == {
        "local": {"path": "../../../.tidemark/aws/eu-central-1/blue/terraform.tfstate"}
    }


def test_a_bucket_keeps_the_state_encrypted() -> None:
    declared = backend(
        target="aws",
        state_bucket="states",
        state_key="prices/dev.tfstate",
        state_region="eu-west-1",
    )

    assert declared == {
        "s3": {
            "bucket": "states",
            "key": "prices/dev.tfstate",
            "region": "eu-west-1",
            "encrypt": True,
        }
    }


@pytest.mark.parametrize("suffix", ["dev", "blue"])
def test_each_environment_has_a_key_of_its_own_in_the_bucket(suffix: str) -> None:
    declared = backend(target="aws", state_bucket="states", environment_suffix=suffix)

    assert declared["s3"]["key"] == f"tidemark/aws/us-east-1/{suffix}/terraform.tfstate"
    assert declared["s3"]["region"] == "us-east-1"


def test_the_bucket_is_for_aws_alone() -> None:
    assert backend(state_bucket="states") == {"local": {"path": "terraform.tfstate"}}
