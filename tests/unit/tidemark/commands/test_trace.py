import pytest

from tidemark.commands import trace
from tidemark.machine.errors import ToolError


@pytest.mark.parametrize(
    ("request_id", "symbol", "trade_id"),
    [("", "", ""), ("r", "BTC", ""), ("", "", "7"), ("r", "", "7")],
)
def test_a_request_is_named_in_one_way(
    request_id: str, symbol: str, trade_id: str
) -> None:
    with pytest.raises(ToolError, match="Name a request id, or --symbol"):
        trace.command(request_id, symbol, trade_id)


def test_the_error_of_an_unknown_request_says_what_was_searched_and_since_when() -> (
    None
):
    text = str(trace.unknown("r", 1_709_294_400_000))

    assert "webhook-processor-dlq" in text
    assert "since 2024-03-01T12:00:00.000Z" in text
    assert "Logs are kept 3 days" in text
