import json
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.settings import Settings, SettingsError, load_settings
from services.market.errors import InvalidValue
from services.market.marks import Band, Marks, read_marks
from services.market.money import plain


def refusal(**values: object) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(env_file=None, **values)
    return str(refused.value)


def test_without_any_variable_the_defaults_are_those_of_the_contract() -> None:
    settings = load_settings(env_file=None)

    assert settings.model_dump() == {
        "target": "local",
        "environment_suffix": "dev",
        "aws_region": "us-east-1",
        "localstack_port": 4566,
        "tidemark_runtime": "auto",
        "stream_batch_size": 1000,
        "stream_batch_window_s": 0,
        "stream_parallelization": 1,
        "stream_retries": -1,
        "alert_batch_size": 25,
        "volatility_window": 50,
        "raw_data_max": 512,
        "price_high": Decimal(150),
        "price_low": Decimal(50),
        "price_marks": "{}",
        "alert_mode": "crossing",
        "alert_max_age_s": 3600,
        "alert_email": None,
        "channel_test_hosts": "",
        "webhook_rate": 500,
        "webhook_burst": 1000,
        "data_processor_memory": 3072,
        "team": "market-data",
        "cost_center": "tidemark",
        "log_level": "INFO",
        "reserved_concurrency": True,
        "terraform": None,
        "terraform_plugin_dir": None,
        "state_bucket": None,
        "state_key": None,
        "state_region": None,
    }


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TARGET", "moon"),
        ("ENVIRONMENT_SUFFIX", "Dev"),
        ("ENVIRONMENT_SUFFIX", "-dev"),
        ("ENVIRONMENT_SUFFIX", "dev-"),
        ("ENVIRONMENT_SUFFIX", "d" * 21),
        ("AWS_REGION", "frankfurt"),
        ("AWS_REGION", "us-gov-west-1"),
        ("AWS_REGION", "cn-north-1"),
        ("STATE_BUCKET", "Under_score"),
        ("STATE_KEY", "/dev"),
        ("STATE_KEY", "without-a-bucket"),
        ("STATE_REGION", "us-east-1"),
        ("LOCALSTACK_PORT", "0"),
        ("LOCALSTACK_PORT", "65536"),
        ("TIDEMARK_RUNTIME", "podman"),
        ("STREAM_BATCH_SIZE", "0"),
        ("STREAM_BATCH_SIZE", "10001"),
        ("STREAM_BATCH_WINDOW_S", "-1"),
        ("STREAM_BATCH_WINDOW_S", "301"),
        ("STREAM_PARALLELIZATION", "0"),
        ("STREAM_PARALLELIZATION", "11"),
        ("STREAM_RETRIES", "-2"),
        ("STREAM_RETRIES", "10001"),
        ("ALERT_BATCH_SIZE", "0"),
        ("ALERT_BATCH_SIZE", "10001"),
        ("VOLATILITY_WINDOW", "1"),
        ("RAW_DATA_MAX", "-1"),
        ("PRICE_HIGH", "dear"),
        ("ALERT_MODE", "once"),
        ("ALERT_MAX_AGE_S", "0"),
        ("ALERT_MAX_AGE_S", "31536001"),
        ("PRICE_HIGH", "NaN"),
        ("PRICE_HIGH", "1e-25"),
        ("PRICE_HIGH", "1.1e24"),
        ("PRICE_LOW", "-1"),
        ("PRICE_LOW", "150"),
        ("PRICE_MARKS", "[]"),
        ("PRICE_MARKS", "{"),
        ("PRICE_MARKS", '{"B T C": {}}'),
        ("PRICE_MARKS", '{"BTC": {"hihg": 1}}'),
        ("PRICE_MARKS", '{"BTC": {"high": 2}, "btc": {"high": 3}}'),
        ("PRICE_MARKS", '{"BTC": {"high": true}}'),
        ("PRICE_MARKS", '{"BTC": {"high": 1, "low": 1}}'),
        ("PRICE_MARKS", '{"BTC": {"high": 1e-25}}'),
        ("PRICE_MARKS", f'{{"BTC": {{"high": {"9" * 39}}}}}'),
        ("ALERT_EMAIL", "nobody"),
        ("WEBHOOK_RATE", "0"),
        ("WEBHOOK_RATE", "10001"),
        ("WEBHOOK_BURST", "0"),
        ("WEBHOOK_BURST", "5001"),
        ("DATA_PROCESSOR_MEMORY", "127"),
        ("DATA_PROCESSOR_MEMORY", "10241"),
        ("TEAM", "a;b"),
        ("COST_CENTER", "x" * 257),
        ("LOG_LEVEL", "LOUD"),
        ("RESERVED_CONCURRENCY", "perhaps"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable_and_the_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    (line,) = refusal().splitlines()

    assert line.startswith(f"{variable}={value}: expected ")


def test_every_bad_value_is_told_at_once() -> None:
    lines = refusal(localstack_port=0, team="").splitlines()

    assert lines == [
        "LOCALSTACK_PORT=0: expected a port from 1 to 65535",
        "TEAM=: expected 1 to 256 letters, digits, spaces and _.:/=+@-",
    ]


def test_every_setting_says_what_it_takes() -> None:
    fields = Settings.model_fields.values()

    assert all(field.description for field in fields)


# How a mark may be written, and what it is; None where it is refused.
MARKS = [
    ("100", "100"),
    ("0", "0"),
    ("-0", "0"),
    ("1.50", "1.5"),
    ("5.", "5"),
    (".5", "0.5"),
    ("1E+2", "100"),
    ("1e24", f"1{'0' * 24}"),
    ("1e-24", f"0.{'0' * 23}1"),
    ("1.0000000000000001e-24", f"0.{'0' * 23}10000000000000001"),
    ("9" * 38, None),
    (f"0.{'9' * 38}", f"0.{'9' * 38}"),
    (f"0.{'9' * 39}", None),
    ("1_000", None),
    ("1,000", None),
    ("+5", None),
    ("٣", None),
    (" 5", None),
    ("5 ", None),
    ("0x5", None),
    ("1e-25", None),
    ("1.1e24", None),
    ("-5", None),
    ("NaN", None),
    ("Infinity", None),
    ("1e9999999", None),
    ("", None),
]


def deployed(high: str, low: str, by_symbol: str) -> Marks | None:
    """The marks as data-processor reads them, or None where it refuses them."""
    try:
        return read_marks(high, low, by_symbol)
    except InvalidValue:
        return None


def configured(**settings: str) -> Marks | None:
    """The marks of these settings as they are deployed, or None if refused."""
    try:
        found = load_settings(env_file=None, **settings)
    except SettingsError:
        return None
    return read_marks(
        plain(found.price_high), plain(found.price_low), found.price_marks
    )


@pytest.mark.parametrize(("text", "value"), MARKS)
def test_settings_and_functions_read_a_high_mark_alike(
    text: str, value: str | None
) -> None:
    assert configured(price_high=text, price_low="0") == deployed(text, "0", "")


@pytest.mark.parametrize(("text", "value"), MARKS)
def test_settings_and_functions_read_a_low_mark_alike(
    text: str, value: str | None
) -> None:
    assert configured(price_high="1e24", price_low=text) == deployed("1e24", text, "")


@pytest.mark.parametrize(("text", "value"), MARKS)
def test_settings_and_functions_read_the_mark_of_a_symbol_alike(
    text: str, value: str | None
) -> None:
    by_symbol = json.dumps({"BTC-USD": {"high": text}})
    band = Band(high=Decimal(value)) if value is not None else None

    marks = configured(price_marks=by_symbol)

    assert marks == deployed("150", "50", by_symbol)
    assert (marks.of("BTC-USD") if marks else None) == band


def test_marks_are_spelt_out_plainly_whatever_way_they_were_written() -> None:
    given = '{"btc-usd": {"high": 1e5, "low": "1.50"}, "X": {"low": 5}, "Y": {}}'

    marks = load_settings(env_file=None, price_marks=given).price_marks

    assert marks == '{"BTC-USD":{"high":"100000","low":"1.5"},"X":{"low":"5"},"Y":{}}'


def marks_of(symbols: list[str]) -> str:
    return json.dumps({symbol: {} for symbol in symbols}, separators=(",", ":"))


def test_marks_take_2048_bytes_and_not_one_more() -> None:
    symbols = [f"{n:064d}" for n in range(29)]
    fits = marks_of([*symbols, "C" * 11])
    exceeds = marks_of([*symbols, "C" * 12])

    assert len(fits) == 2048
    assert load_settings(env_file=None, price_marks=fits).price_marks == fits
    assert refusal(price_marks=exceeds)


@pytest.mark.parametrize(
    ("target", "hosts"), [("aws", "localhost:9000"), ("local", "http://localhost")]
)
def test_test_hosts_are_servers_and_for_the_local_cloud_only(
    target: str, hosts: str
) -> None:
    (line,) = refusal(target=target, channel_test_hosts=hosts).splitlines()

    assert line.startswith(f"CHANNEL_TEST_HOSTS={hosts}: expected empty, or for")


def test_several_test_hosts_are_separated_by_commas() -> None:
    settings = load_settings(env_file=None, channel_test_hosts="localhost:1,b.test:2")

    assert settings.channel_test_hosts == "localhost:1,b.test:2"


def test_every_default_may_be_given() -> None:
    defaults = {name: field.default for name, field in Settings.model_fields.items()}

    assert load_settings(env_file=None, **defaults) == load_settings(env_file=None)


def test_the_bounds_of_a_price_are_those_of_a_tick() -> None:
    settings = load_settings(env_file=None, price_high="1e24", price_low="1e-24")

    assert settings.price_high == Decimal("1e24")
    assert settings.price_low == Decimal("1e-24")


def test_a_low_mark_is_not_judged_by_a_high_mark_that_is_bad_itself() -> None:
    (line,) = refusal(price_high="dear").splitlines()

    assert line.startswith("PRICE_HIGH")


def test_overrides_win_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("TEAM=file\nCOST_CENTER=file\nENVIRONMENT_SUFFIX=file\n")
    monkeypatch.setenv("COST_CENTER", "environment")
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", "environment")

    settings = load_settings(env_file=env_file, environment_suffix="override")

    assert settings.team == "file"
    assert settings.cost_center == "environment"
    assert settings.environment_suffix == "override"


def test_an_empty_value_means_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("PRICE_HIGH=\nALERT_EMAIL=\n")
    monkeypatch.setenv("LOCALSTACK_PORT", "")

    settings = load_settings(env_file=env_file)

    assert settings == load_settings(env_file=None)


def test_a_setting_in_lower_case_in_the_file_is_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("target=aws\n")

    with pytest.raises(SettingsError, match=r"^target is not a setting; .* TARGET\?"):
        load_settings(env_file=env_file)


def test_lines_that_are_no_settings_are_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("# marks\nPRICE_HIGH 200\n\nexport TEAM=desk\nPRICE_LOW: 3\n")

    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=env_file)

    assert caught.value.problems == (
        ".env, line 2: expected NAME=value or a # comment",
        ".env, line 5: expected NAME=value or a # comment",
    )


def test_a_misspelt_variable_in_the_file_is_named_with_what_was_meant(
    tmp_path: Path,
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("PRICE_HIHG=3\nAWS_PROFILE=mine\n")

    with pytest.raises(SettingsError) as refused:
        load_settings(env_file=env_file)

    assert refused.value.problems == (
        "PRICE_HIHG is not a setting; did you mean PRICE_HIGH?",
    )


def test_concurrency_is_switched_with_on_and_off() -> None:
    on = load_settings(env_file=None, reserved_concurrency="on")
    off = load_settings(env_file=None, reserved_concurrency="off")

    assert (on.reserved_concurrency, off.reserved_concurrency) == (True, False)


def test_settings_do_not_change_once_loaded() -> None:
    settings = load_settings(env_file=None)

    with pytest.raises(ValidationError, match="frozen"):
        settings.team = "other"


def test_names_carry_the_suffix() -> None:
    settings = load_settings(env_file=None, environment_suffix="blue-2")

    assert settings.name("crypto-prices") == "crypto-prices-blue-2"


def test_the_endpoint_is_the_local_port_and_none_on_aws() -> None:
    local = load_settings(env_file=None, localstack_port=4999)
    aws = load_settings(env_file=None, target="aws")

    assert local.endpoint_url == "http://localhost:4999"
    assert aws.endpoint_url == ""


def test_each_environment_has_a_folder_of_its_own() -> None:
    local = load_settings(env_file=None, localstack_port=4999, environment_suffix="a")
    aws = load_settings(env_file=None, target="aws", environment_suffix="a")

    assert local.home == Path("local/4999/a")
    assert aws.home == Path("aws/us-east-1/a")
