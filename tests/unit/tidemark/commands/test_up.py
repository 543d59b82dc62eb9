import json
import re
from decimal import Decimal

import pytest

from infra.settings import load_settings
from tidemark import marks
from tidemark.commands import up
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain
from tidemark.terminal.console import Moving

OUTPUTS = {"webhook_url": "http://localhost:4566/webhooks", "webhook_api_key": "key"}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"price_high": "200000"},
        {"price_marks": '{"SOL-USD": {"low": 5}}'},
        {"price_marks": '{"SOL-USD": {"high": 500000}}'},
    ],
)
def test_the_trade_to_try_raises_an_alert(settings: dict[str, str]) -> None:
    chosen = load_settings(env_file=None, **settings)

    text = up.next_steps(chosen, OUTPUTS)

    [body] = re.findall(r"-d '(.*)'", text)
    trade = json.loads(body)
    band = marks.of(chosen).of(trade["symbol"])
    assert band.crossed_by(Decimal(trade["price"]))


def test_where_the_key_is_not_shown_the_command_that_shows_it_is_named() -> None:
    settings = load_settings(env_file=None, target="aws")
    secret = OUTPUTS | {"webhook_api_key": "k3y-of-senders"}

    text = up.next_steps(settings, secret, show_key=False)

    assert "k3y-of-senders" not in text
    assert "TARGET=aws bin/tidemark outputs` prints it" in text
    assert "x-api-key: YOUR_KEY" in text


def test_commands_to_try_say_where_they_work() -> None:
    environment = {"LOCALSTACK_PORT": "4801", "PATH": "/bin"}

    assert up.command_line(environment) == ("LOCALSTACK_PORT=4801 bin/tidemark")


def test_it_sends_those_who_mean_aws_to_deploy() -> None:
    environment = Environment(load_settings(env_file=None, target="aws"))

    with pytest.raises(ToolError, match="`make deploy` is for AWS"):
        up.up(environment, Plain(), command="make up")


def test_commands_to_try_on_aws_say_so() -> None:
    environment = {"STATE_BUCKET": "states", "LOCALSTACK_PORT": "4801"}

    assert up.command_line(environment, "aws") == (
        "TARGET=aws STATE_BUCKET=states bin/tidemark"
    )


def test_outputs_are_listed_but_for_those_that_are_shown_anyway() -> None:
    outputs = OUTPUTS | {"region": "us-east-1", "kms_key_id": "abc"}

    assert up.listed(outputs) == "kms_key_id  abc\nregion      us-east-1"


def test_progress_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plain, "every", 0.0)

    with Plain().step("Working") as step:
        step.update(1, 2)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "Working …\nWorking: 1 of 2\n"


def test_progress_on_a_terminal_ends_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Moving().step("Working") as step:
        step.update(1, 2)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "✓ Working" in captured.err
