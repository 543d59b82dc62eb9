"""The template of a gateway response is filled with the variables of the request."""

import pytest

from tidemark_localstack.gateway_template import fill

CONTEXT = {
    "requestId": "abc",
    "status": 400,
    "identity": None,
    "error": {"message": "no", "messageString": '"no"'},
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{"message": $context.error.messageString}', '{"message": "no"}'),
        ("$context.requestId: $context.status.", "abc: 400."),
        ("<$context.unknown><$context.error.other><$context.identity.user>", "<><><>"),
        ("$input.body $context $", "$input.body $context $"),
    ],
)
def test_variables_are_replaced_by_their_values(template: str, text: str) -> None:
    assert fill(template, CONTEXT) == text


def test_a_value_is_not_read_as_a_template() -> None:
    context = {"error": {"message": "$context.requestId"}, "requestId": "abc"}

    assert fill("$context.error.message", context) == "$context.requestId"
