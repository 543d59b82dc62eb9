import pytest
from rich.table import Table

from tidemark.terminal import console


def test_a_table_in_a_pipe_is_wider_than_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table.grid()
    table.add_row("word " * 30)

    console.print_table(table)

    assert capsys.readouterr().out.splitlines() == [("word " * 30).ljust(149)]
