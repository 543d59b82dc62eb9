from pathlib import Path

import pytest

from tidemark.aws import endpoints
from tidemark.machine.errors import ToolError

CONFIG = """
[default]
endpoint_url = http://localhost:5000
services = other

[profile work]
services = local

[profile plain]

[services local]
dynamodb =
    endpoint_url = http://localhost:8000
lambda =
    endpoint_url = http://localhost:8001
    timeout = 3
"""


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def test_a_profile_without_addresses_names_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "plain")

    assert endpoints.configured({"AWS_ENDPOINT_URL": "", "AWS_REGION": "x"}) == []


def test_every_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "plain")
    urls = {"AWS_ENDPOINT_URL_SQS": "http://b", "AWS_ENDPOINT_URL": "http://a"}

    assert endpoints.configured(urls) == [
        "AWS_ENDPOINT_URL=http://a",
        "AWS_ENDPOINT_URL_SQS=http://b",
    ]


def test_the_address_of_a_profile_is_named() -> None:
    assert endpoints.configured({}) == [
        "endpoint_url=http://localhost:5000 of profile default"
    ]


def test_the_addresses_of_services_in_a_profile_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")

    assert endpoints.configured({}) == [
        "endpoint_url=http://localhost:8000 of dynamodb in profile work",
        "endpoint_url=http://localhost:8001 of lambda in profile work",
    ]


def test_addresses_that_the_user_has_switched_off_are_not_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")

    assert endpoints.configured({"AWS_ENDPOINT_URL": "http://a"}) == []


@pytest.mark.parametrize("name", ["TF_AWS_DYNAMODB_ENDPOINT", "AWS_DYNAMODB_ENDPOINT"])
def test_an_address_that_only_the_provider_uses_is_refused(name: str) -> None:
    with pytest.raises(
        ToolError, match=rf"^{name}=http://a: .* Set AWS_ENDPOINT_URL_DYNAMODB instead"
    ):
        endpoints.refuse_differing({name: "http://a"})


def test_addresses_that_both_use_are_not_refused() -> None:
    endpoints.refuse_differing({"AWS_ENDPOINT_URL_DYNAMODB": "http://a"})
