import asyncio
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from tidemark.feeds.transfer.table import finder

KEY = ("BTC-USD", "1.0000000000000000000000000")
ROW = {"symbol": {"S": "BTC-USD"}, "timestamp": {"N": "1"}}


class Table:
    """Answers each read with the next entry: rows, or an error to raise."""

    def __init__(self, *answers: Any) -> None:
        self.answers = [*answers]

    def batch_get_item(self, **asked: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Responses": {"prices": answer}, "UnprocessedKeys": {}}


def found(*answers: Any) -> tuple[list[Any], list[str]]:
    said: list[str] = []
    table: Any = Table(*answers)
    find = finder(table, "prices", said.append)

    async def look() -> list[Any]:
        return [await find([KEY]) for _ in answers]

    return asyncio.run(look()), said


def test_rows_are_found_by_their_keys() -> None:
    assert found([ROW], []) == ([[ROW], []], [])


def test_a_table_that_cannot_be_read_is_told_once_and_read_later() -> None:
    away = EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "BatchGetItem")

    rows, said = found(away, away, [ROW], denied)

    assert rows == [[], [], [ROW], []]
    assert len(said) == 2
    assert said[0].startswith("The table prices cannot be read: Could not connect")
    assert "AccessDenied" in said[1]
