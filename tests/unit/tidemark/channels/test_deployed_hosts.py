"""What is deployed decides which servers may be private, not the shell."""

from types import SimpleNamespace
from typing import Any

import pytest

from infra.settings import load_settings
from tidemark.channels import deployed_hosts

VARIABLES = {"CHANNEL_TEST_HOSTS": "localhost:9000,b.test:2"}


def environment(**settings: str) -> Any:
    client = SimpleNamespace(
        get_function_configuration=lambda FunctionName: {
            "notifier-blue": {"Environment": {"Variables": VARIABLES}}
        }[FunctionName]
    )
    return SimpleNamespace(
        settings=load_settings(env_file=None, environment_suffix="blue", **settings),
        clients=SimpleNamespace(lambda_=client),
    )


def test_the_hosts_are_those_of_the_deployed_function() -> None:
    found = deployed_hosts.read(environment(channel_test_hosts="localhost:1"))

    assert found == {"localhost:9000", "b.test:2"}


def test_on_aws_there_are_none() -> None:
    assert deployed_hosts.read(environment(target="aws")) == frozenset()


@pytest.mark.parametrize(
    ("setting", "deployed", "said"),
    [
        ("a.test:1,b.test:2", {"b.test:2", "a.test:1"}, ""),
        ("", set(), ""),
        ("a.test:1", set(), "is a.test:1 here, but empty in the deployed notifier"),
        ("", {"b.test:2"}, "is empty here, but b.test:2 in the deployed notifier"),
    ],
)
def test_a_setting_that_is_not_deployed_is_told(
    setting: str, deployed: set[str], said: str
) -> None:
    here = environment(channel_test_hosts=setting)

    difference = deployed_hosts.difference(here, frozenset(deployed))

    assert (difference == "", said in difference) == (said == "", True)
