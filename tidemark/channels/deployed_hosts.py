"""The servers of CHANNEL_TEST_HOSTS, as the deployed `notifier` has them.

The setting of this shell may be another one: only what is deployed decides whether an
alert reaches a channel.
"""

from services.channels.registry import split_hosts
from tidemark.environment import Environment

FUNCTION = "notifier"
VARIABLE = "CHANNEL_TEST_HOSTS"


def read(environment: Environment) -> frozenset[str]:
    """Ask Lambda for the function's variable. On AWS no host can be set."""
    settings = environment.settings
    if settings.target == "aws":
        return frozenset()
    configuration = environment.clients.lambda_.get_function_configuration(
        FunctionName=settings.name(FUNCTION)
    )
    return split_hosts(configuration["Environment"]["Variables"][VARIABLE])


def difference(environment: Environment, deployed: frozenset[str]) -> str:
    """Say what to do if the setting here is another one; empty if it is the same."""
    setting = environment.settings.channel_test_hosts
    if split_hosts(setting) == deployed:
        return ""
    return (
        f"{VARIABLE} is {setting or 'empty'} here, but "
        f"{','.join(sorted(deployed)) or 'empty'} in the deployed {FUNCTION}, whose "
        "value is used: run `make up` to deploy yours."
    )
