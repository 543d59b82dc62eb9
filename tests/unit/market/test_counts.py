import pytest

from services.market.counts import counted


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 ticks"), (1, "1 tick"), (2, "2 ticks"), (1000, "1,000 ticks")],
)
def test_only_one_is_singular(number: int, text: str) -> None:
    assert counted(number, "tick") == text


def test_an_irregular_plural_is_given() -> None:
    assert counted(1, "entry is", "entries are") == "1 entry is"
    assert counted(2, "entry is", "entries are") == "2 entries are"
