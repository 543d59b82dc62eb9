"""What is planned after a change of the sources, and what comes of it that fails."""

import pytest

from tests.moto.known_differences import unexpected_changes
from tests.moto.stages import Alone, Edited, Imported, Refused

NEW_CODE = (("update",), {"last_modified", "source_code_hash"})


def test_new_code_updates_the_functions_and_nothing_else(edited: Edited) -> None:
    assert unexpected_changes(edited.code) == {
        "aws_lambda_function.webhook-processor": NEW_CODE,
        "aws_lambda_function.price-enricher": NEW_CODE,
        "aws_lambda_function.data-processor": NEW_CODE,
        "aws_lambda_function.notifier": NEW_CODE,
        "aws_lambda_function.log-forwarder": NEW_CODE,
    }


def test_a_changed_api_is_deployed_anew_before_the_old_deployment_goes(
    edited: Edited,
) -> None:
    changed = unexpected_changes(edited.api)
    actions = {address: how for address, (how, _) in changed.items()}

    assert actions == {
        "aws_api_gateway_rest_api.webhooks": ("update",),
        "aws_api_gateway_deployment.webhooks-deployment": ("create", "delete"),
        "aws_api_gateway_stage.webhooks-stage": ("update",),
    }
    assert changed["aws_api_gateway_rest_api.webhooks"][1] == {"body"}
    assert changed["aws_api_gateway_stage.webhooks-stage"][1] == {"deployment_id"}


def test_a_refused_deployment_names_the_function_and_the_reason(
    refused: Refused,
) -> None:
    assert refused.calls == ["data-processor-blue"]
    assert "aws_lambda_function.data-processor" in refused.said
    assert "Refused by the test." in refused.said


def test_what_was_refused_runs_its_old_version(refused: Refused) -> None:
    assert refused.after["data-processor"] == refused.before["data-processor"]


@pytest.mark.parametrize(
    "name", ["webhook-processor", "price-enricher", "notifier", "log-forwarder"]
)
def test_what_was_not_refused_runs_its_new_version(refused: Refused, name: str) -> None:
    assert refused.after[name] != refused.before[name]


def test_the_next_deployment_heals_it(alone: Alone, refused: Refused) -> None:
    new = refused.after["log-forwarder"]

    assert alone.code == dict.fromkeys(refused.after, new)
    assert unexpected_changes(alone.plan) == {}


def test_an_api_that_was_refused_is_as_it_was(imported: Imported) -> None:
    assert len(imported.calls) == 1
    assert "aws_api_gateway_rest_api.webhooks" in imported.said
    assert "Refused by the test." in imported.said
    assert imported.refused == imported.before


def test_the_next_deployment_imports_it_again(imported: Imported) -> None:
    assert imported.repaired == imported.before.replace("{", "{ ", 1)
    assert unexpected_changes(imported.plan) == {}
