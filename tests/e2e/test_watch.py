"""New code in running functions, without Terraform: `make watch` and `make up`."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from infra import archive
from infra.settings import Settings
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.mailbox import Mailbox
from tests.e2e.pipeline import Pipeline
from tests.e2e.throwaway import Throwaway
from tests.e2e.throwaway import archive as code_of
from tidemark import environment as tool
from tidemark.commands import watch
from tidemark.deployment import plan
from tidemark.machine import paths
from tidemark.terraform import code_update
from tidemark.terraform.runner import Terraform
from tidemark.terraform.workspace import STATE

pytestmark = pytest.mark.local

SECOND_VERSION = """
_first = lambda_handler


def lambda_handler(event, context):
    return "second" if event == {"version": "?"} else _first(event, context)
"""


@pytest.fixture
def throwaway(environment: Environment) -> Iterator[Throwaway]:
    with ExitStack() as undo:
        yield Throwaway(environment.clients, undo)


@pytest.fixture
def handler(pipeline: Pipeline, settings: Settings) -> Iterator[Path]:
    """A handler in a checkout of its own; the functions get their code back."""
    present = paths.ROOT
    folder = tool.Environment(settings).workspace.folder / "checkout"
    packages = archive.packages_folder(present)
    shutil.copytree(present / "services", folder / "services", dirs_exist_ok=True)
    (folder / archive.LOCK).parent.mkdir(exist_ok=True)
    shutil.copy(present / archive.LOCK, folder / archive.LOCK)
    shutil.copytree(packages, archive.packages_folder(folder), dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "ROOT", folder)
        yield folder / "services" / "webhook_processor" / "handler.py"
    watch.apply(tool.Environment(settings), [present / "services"])
    shutil.rmtree(folder)


def test_a_saved_file_is_live_and_one_with_a_syntax_error_is_not(
    pipeline: Pipeline, settings: Settings, handler: Path
) -> None:
    deployed = tool.Environment(settings)

    handler.write_text(handler.read_text() + SECOND_VERSION)
    live = watch.apply(deployed, [handler])
    second = _version(pipeline)
    handler.write_text(handler.read_text() + "def\n")
    refused = watch.apply(deployed, [handler])

    assert live.startswith("services/webhook_processor/handler.py: live after ")
    assert second == _version(pipeline) == "second"
    assert refused.endswith(": invalid syntax\nThe old code keeps running.")


def test_a_plan_afterwards_finds_the_code_that_runs(
    settings: Settings, handler: Path
) -> None:
    handler.write_text(handler.read_text() + SECOND_VERSION)
    watch.apply(tool.Environment(settings), [handler])

    assert plan(tool.Environment(settings)).lines() == ["Nothing to change."]


def test_an_invocation_that_is_running_finishes_with_the_old_code(
    throwaway: Throwaway, tmp_path: Path
) -> None:
    queue = throwaway.queue()
    started = Mailbox(throwaway.clients("sqs"), queue)
    send = f"boto3.client('sqs').send_message(QueueUrl='{queue}', MessageBody='{{}}')"
    first = f"{send}; import time; time.sleep(2); return 'first'"
    name = throwaway.function(first)
    _state(tmp_path, name)
    second = tmp_path / "functions.zip"
    second.write_bytes(code_of("return 'second'"))

    with ThreadPoolExecutor() as pool:
        running = pool.submit(_answer, throwaway, name)
        eventually(lambda: started.find(""))
        lambda_ = throwaway.clients("lambda")
        code_update.update(Terraform(tmp_path, {}), lambda_, second)
        new = _answer(throwaway, name)

    assert (running.result(), new) == ("first", "second")


def test_an_invocation_that_is_about_to_start_has_the_code_it_needs(
    throwaway: Throwaway, tmp_path: Path
) -> None:
    name = throwaway.function("return 'first'")
    _state(tmp_path, name)
    second = tmp_path / "functions.zip"
    second.write_bytes(code_of("return 'second'"))

    with ThreadPoolExecutor() as pool:
        starting = pool.submit(_answer, throwaway, name)
        lambda_ = throwaway.clients("lambda")
        code_update.update(Terraform(tmp_path, {}), lambda_, second)

    assert starting.result() in ("first", "second")


def _state(folder: Path, name: str) -> None:
    function = {
        "mode": "managed",
        "type": "aws_lambda_function",
        "instances": [{"attributes": {"function_name": name}}],
    }
    state = {"serial": 1, "resources": [function]}
    folder.joinpath(STATE).write_text(json.dumps(state))


def _version(pipeline: Pipeline) -> Any:
    answer = pipeline.clients("lambda").invoke(
        FunctionName=pipeline.outputs["webhook_processor_arn"],
        Payload=json.dumps({"version": "?"}),
    )
    return json.load(answer["Payload"])


def _answer(throwaway: Throwaway, name: str) -> Any:
    answer = throwaway.clients("lambda").invoke(FunctionName=name)
    return json.load(answer["Payload"])
