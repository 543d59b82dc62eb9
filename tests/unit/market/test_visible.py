import pytest

from services.market.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BTC-USDT 币安 é", "BTC-USDT 币安 é"),
        ("a\x1b[31m\nb", "a\\x1b[31m\\nb"),
        ("A\u202eB\u200d\ud800", "A\\u202eB\\u200d\\ud800"),
        ("wide\u3000space", "wide\u3000space"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
