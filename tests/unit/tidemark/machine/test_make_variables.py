import pytest

from tidemark.machine import make_variables


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"MAKELEVEL": "1", "SINCE": "yesterday"}, "SINCE=yesterday"),
        ({"MAKELEVEL": "1", "SINCE": "1h"}, "--since yesterday"),
        ({"MAKELEVEL": "1"}, "--since yesterday"),
        ({"SINCE": "yesterday"}, "--since yesterday"),
    ],
)
def test_an_option_is_named_as_it_was_given(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], named: str
) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.delenv("SINCE", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert make_variables.option("since", "yesterday") == named
