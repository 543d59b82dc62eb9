"""Two environments on one moto, taken through their whole life by the tool.

`blue` keeps its state in a file, `green` in a bucket. What happens to them happens in
stages: each is a fixture that asks for the one before it, and tests only read what it
left. Stages of the two run side by side, since Terraform's provider takes 25 s to make
or to change a queue.
"""

import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.remaining_resources import remaining_resources
from tests.moto import server
from tests.moto.checkout import Checkout, CommandFailed
from tests.moto.clients import Clients, clients_of
from tests.moto.environment import Change, Environment
from tests.moto.stages import (
    Alone,
    Destroyed,
    Edited,
    Imported,
    Killed,
    Recovered,
    Refused,
)
from tidemark.terraform.variables import NO_ACCOUNT

STAGES = (
    *("edited", "refused", "alone", "imported"),
    *("recovered", "killed", "destroyed"),
)
BUCKET = "tidemark-states"
OTHER_REGION = "eu-west-2"
ANOTHER_REGION = "eu-west-3"
MOST_DEPLOYMENTS = 25
# How many of these operations have been carried out, without an answer, when the
# deployment is killed. They are fewer than what the tool lets Terraform do at a time.
KILLED_AFTER = (
    {"CreateLogGroup": 2, "CreateTable": 2, "CreateTopic": 2, "CreateAlias": 1},
    {"CreateQueue": 3},
    {"CreateFunction": 1},
    {"CreateEventSourceMapping": 2},
)
# As Terraform writes it into a lock; what else there is may be missing.
SOMEBODY = {"ID": "1", "Operation": "OperationTypeApply", "Who": "desk@example.com"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What changes an environment comes after all that read it."""
    items.sort(key=_last_stage)


def _last_stage(item: pytest.Item) -> int:
    assert isinstance(item, pytest.Function)
    names = [name for name in item.fixturenames if name in STAGES]
    return max((STAGES.index(name) + 1 for name in names), default=0)


@pytest.fixture(scope="session", autouse=True)
def no_account_of_the_developers() -> Iterator[None]:
    """moto, too, asks boto3 for a profile, in this process."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in NO_ACCOUNT.items():
            monkeypatch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def endpoint_url(no_account_of_the_developers: None) -> Iterator[str]:
    with server.running() as url:
        yield url


@pytest.fixture(scope="session")
def clients(endpoint_url: str) -> Clients:
    return clients_of(endpoint_url)


@pytest.fixture(scope="session")
def bucket(clients: Clients) -> str:
    """A bucket for states, as one should be: with versions."""
    clients("s3").create_bucket(Bucket=BUCKET)
    clients("s3").put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
    )
    return BUCKET


@pytest.fixture(scope="session")
def checkout(endpoint_url: str, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("checkout")
    return Checkout.made(folder, endpoint_url=endpoint_url)


@pytest.fixture(scope="session")
def blue(checkout: Checkout) -> Environment:
    return Environment(checkout, "blue")


@pytest.fixture(scope="session")
def green(checkout: Checkout, bucket: str) -> Environment:
    return Environment(checkout, "green", {"STATE_BUCKET": bucket})


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture(scope="session")
def first_plan(blue: Environment) -> list[Change]:
    """What is planned where nothing is."""
    return blue.planned()


@pytest.fixture(scope="session")
def locked_out(
    first_plan: object,
    checkout: Checkout,
    bucket: str,
    clients: Clients,
    pool: ThreadPoolExecutor,
) -> Future[str]:
    """What `plan` says of an environment whose state somebody else has locked.

    The tool waits for them first, which is why it is asked beside the long stages.
    """
    lock = {"Bucket": bucket, "Key": "red.tfstate.tflock"}
    clients("s3").put_object(**lock, Body=json.dumps(SOMEBODY))
    settings = {"STATE_BUCKET": bucket, "STATE_KEY": "red.tfstate"}
    return pool.submit(_failure, Environment(checkout, "red", settings), "plan")


@pytest.fixture(scope="session")
def recovering(
    first_plan: object,
    checkout: Checkout,
    endpoint_url: str,
    pool: ThreadPoolExecutor,
    tmp_path_factory: pytest.TempPathFactory,
) -> Future[Recovered]:
    """`cut`, in a region of its own, beside the long stages of the others."""
    settings = {"AWS_REGION": OTHER_REGION, "TF_APPEND_USER_AGENT": "refused-once"}
    sources = checkout.cloned(tmp_path_factory.mktemp("cut"))
    clients = clients_of(endpoint_url, region=OTHER_REGION)
    return pool.submit(_recover, Environment(sources, "cut", settings), clients)


@pytest.fixture(scope="session")
def dying(
    deployed: object,
    checkout: Checkout,
    pool: ThreadPoolExecutor,
    tmp_path_factory: pytest.TempPathFactory,
) -> Future[Killed]:
    """`dead`, in a region of its own, beside the long stages of the others."""
    settings = {"AWS_REGION": ANOTHER_REGION, "TF_APPEND_USER_AGENT": "killed-often"}
    sources = checkout.cloned(tmp_path_factory.mktemp("dead"))
    return pool.submit(_kill_often, Environment(sources, "dead", settings))


@pytest.fixture(scope="session")
def killed(dying: Future[Killed]) -> Killed:
    return dying.result()


@pytest.fixture(scope="session")
def recovered(recovering: Future[Recovered]) -> Recovered:
    return recovering.result()


@pytest.fixture(scope="session")
def deployed(
    first_plan: object,
    locked_out: object,
    recovering: object,
    blue: Environment,
    green: Environment,
    pool: ThreadPoolExecutor,
) -> dict[str, str]:
    """What `deploy` says of each environment, by suffix."""
    said = {each.suffix: pool.submit(each.tidemark, "deploy") for each in (blue, green)}
    return {suffix: future.result() for suffix, future in said.items()}


@pytest.fixture(scope="session")
def planned_again(
    deployed: object,
    dying: object,
    blue: Environment,
    green: Environment,
    pool: ThreadPoolExecutor,
) -> dict[str, list[Change]]:
    """What is planned for each environment as it was deployed, by suffix."""
    plans = {each.suffix: pool.submit(each.planned) for each in (blue, green)}
    return {suffix: future.result() for suffix, future in plans.items()}


@pytest.fixture(scope="session")
def edited(
    planned_again: object,
    blue: Environment,
    green: Environment,
    pool: ThreadPoolExecutor,
    tmp_path_factory: pytest.TempPathFactory,
) -> Edited:
    """A change of code, for `blue`; one of the API for `green`, by a colleague."""
    colleagues = blue.checkout.cloned(tmp_path_factory.mktemp("colleague"))
    blue.checkout.edit(
        "services/webhook_processor/response.py", "= 10, 128", "= 9, 128"
    )
    colleagues.edit("infra/openapi.py", '"version": "1"', '"version": "2"')
    code = pool.submit(blue.planned)
    api = pool.submit(green.seen_from(colleagues).planned)
    return Edited(code.result(), api.result())


@pytest.fixture(scope="session")
def refused(edited: object, blue: Environment, clients: Clients) -> Refused:
    """`blue`'s new code, of which one function's is refused."""
    before = _code(blue, clients)
    with server.refusing_code_for(blue.name("data-processor")) as calls:
        said = _failure(blue, "deploy")
    return Refused(calls, said, before, _code(blue, clients))


@pytest.fixture(scope="session")
def alone(
    refused: object,
    blue: Environment,
    green: Environment,
    clients: Clients,
    pool: ThreadPoolExecutor,
) -> Alone:
    both = [
        pool.submit(blue.tidemark, "deploy"),
        pool.submit(green.tidemark, "destroy"),
    ]
    _, said = [future.result() for future in both]
    return Alone(
        _code(blue, clients), blue.planned(), said, remaining_resources(clients)
    )


@pytest.fixture(scope="session")
def imported(
    alone: object, blue: Environment, clients: Clients, api_id: str
) -> Imported:
    """A new document for `blue`'s API, which is refused once."""
    before = _answer(api_id, clients)
    blue.checkout.edit("infra/openapi.py", '{"request_id"', '{ "request_id"')
    with server.refusing_document_of(api_id) as calls:
        said = _failure(blue, "deploy")
        refused = _answer(api_id, clients)
        blue.tidemark("deploy")
    repaired = _answer(api_id, clients)
    return Imported(calls, said, before, refused, repaired, blue.planned())


@pytest.fixture(scope="session")
def destroyed(
    imported: object,
    recovered: object,
    killed: object,
    blue: Environment,
    clients: Clients,
) -> Destroyed:
    said = blue.tidemark("destroy")
    return Destroyed(said, blue.tidemark("destroy"), remaining_resources(clients))


@pytest.fixture(scope="session")
def key(deployed: object, clients: Clients) -> dict[str, Any]:
    """`blue`'s key, found by its alias."""
    described = clients("kms").describe_key(KeyId="alias/tidemark-blue")
    return dict(described["KeyMetadata"])


@pytest.fixture(scope="session")
def api_id(deployed: object, clients: Clients) -> str:
    """Of `blue`'s API, found by its name."""
    apis = clients("apigateway").get_rest_apis()["items"]
    (found,) = [each["id"] for each in apis if each["name"] == "webhooks-blue"]
    return str(found)


def _recover(environment: Environment, clients: Clients) -> Recovered:
    with server.refusing_each_change("refused-once") as refused:
        said = _failures(environment)
    plan = environment.planned()
    queues = clients("sqs").list_queues()["QueueUrls"]
    topics = [each["TopicArn"] for each in clients("sns").list_topics()["Topics"]]
    return Recovered(
        refused, said, plan, queues, topics, environment.tidemark("destroy")
    )


def _kill_often(environment: Environment) -> Killed:
    said = []
    for unanswered in KILLED_AFTER:
        with server.leaving_unanswered("killed-often", unanswered) as moment:
            said.append(environment.killed(moment, "deploy"))
    said.append(environment.tidemark("deploy"))
    return Killed(said, environment.planned(), environment.tidemark("destroy"))


def _failures(environment: Environment) -> list[str]:
    """What `deploy` says, each time until it succeeds."""
    said: list[str] = []
    while len(said) < MOST_DEPLOYMENTS:
        try:
            environment.tidemark("deploy")
        except CommandFailed as failure:
            said.append(failure.output)
        else:
            return said
    raise AssertionError(said[-1])


def _failure(environment: Environment, *command: str) -> str:
    with pytest.raises(CommandFailed) as failed:
        environment.tidemark(*command)
    return failed.value.output


def _answer(api_id: str, clients: Clients) -> str:
    """The template of what `POST /webhooks/{exchange}` answers with."""
    apis = clients("apigateway")
    [resource] = [
        each["id"]
        for each in apis.get_resources(restApiId=api_id)["items"]
        if each["path"] == "/webhooks/{exchange}"
    ]
    response = apis.get_integration_response(
        restApiId=api_id, resourceId=resource, httpMethod="POST", statusCode="202"
    )
    return str(response["responseTemplates"]["application/json"])


def _code(environment: Environment, clients: Clients) -> dict[str, str]:
    names = (
        "webhook-processor",
        "price-enricher",
        "data-processor",
        "notifier",
        "log-forwarder",
    )
    functions = [
        clients("lambda").get_function(FunctionName=environment.name(name))
        for name in names
    ]
    return {
        name: function["Configuration"]["CodeSha256"]
        for name, function in zip(names, functions, strict=True)
    }
