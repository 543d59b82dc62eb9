"""Unpack the same code of several functions once, and keep it while it is in use.

LocalStack: unpacks an archive for each function, most of the time of an update.
It deletes the old code as soon as there is new code, while the old version still runs.
A few threads end old versions and start new ones.
Here: functions with the same code share its files. As on AWS, the old version runs to
its end; then the executor deletes its code. New versions wait for no old ones.

localstack/services/lambda_/invocation/lambda_models.py, lambda_service.py
"""

import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from localstack.services.lambda_.invocation import lambda_service
from localstack.services.lambda_.invocation.lambda_models import S3Code

from tidemark_localstack.patches.patching import replace, wrap

# An update of a function takes up to three: two end its old version.
THREADS = 64


def apply() -> None:
    unpacked = Unpacked()
    wrap(S3Code, "prepare_for_execution", unpacked.prepare)
    wrap(S3Code, "destroy_cached", unpacked.destroy)
    replace(lambda_service, "destroy_code_if_not_used", keep)
    wrap(lambda_service.LambdaService, "__init__", with_threads)


class Unpacked:
    """The folders of unpacked archives, by the digest of the archive."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folders: dict[str, Path] = {}

    def prepare(self, original: Callable[..., None], code: Any) -> None:
        """Link the files of a folder with the same code, or unpack the archive."""
        folder = code.get_unzipped_code_location()
        with self._lock:
            if folder.exists():
                return
            if same := self._folders.get(code.code_sha256):
                shutil.copytree(same, folder, copy_function=os.link)
            else:
                original(code)
                self._folders[code.code_sha256] = folder

    def destroy(self, original: Callable[..., None], code: Any) -> None:
        """Delete a folder; files that other folders link stay there."""
        with self._lock:
            if self._folders.get(code.code_sha256) == code.get_unzipped_code_location():
                del self._folders[code.code_sha256]
            original(code)


def keep(code: Any, function: Any) -> None:
    """Leave it to `ProcessRuntimeExecutor.cleanup_version`."""


def with_threads(original: Callable[..., None], service: Any) -> None:
    """Initialise the service with more threads for its tasks."""
    original(service)
    service.task_executor.shutdown()
    service.task_executor = ThreadPoolExecutor(THREADS, "lambda-service-task")
