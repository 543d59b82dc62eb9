"""Install what the local cloud needs: LocalStack, the Lambda runtime, the emulator.

They include Java and DynamoDB Local. Nothing is installed outside `.tidemark/`.
"""

import shutil

from tidemark.machine import files, locks, paths
from tidemark.machine.progress import Progress
from tidemark.machine.virtualenvs import INSTALLING, PATIENCE, Environment, lock_of

LOCALSTACK = Environment("LocalStack", paths.LOCALSTACK, lock_of("localstack"))
RUNTIME = Environment("the Lambda runtime", paths.RUNTIME, lock_of("runtime"))
EMULATOR = paths.ROOT / "emulator"
COPY = paths.STATE / "emulator"
LEFT_BY_BUILDS = ("build", "*.egg-info", "__pycache__")
STAMP = paths.LOCALSTACK / "emulator.sources"


def version() -> str:
    """Return a digest of all that the local cloud runs on, or "" for an image."""
    if paths.IMAGE:
        return ""
    return files.digest(EMULATOR, salt=LOCALSTACK.stamp + RUNTIME.stamp)


def install(progress: Progress) -> str:
    """Install what is missing; return the version."""
    if paths.IMAGE:
        return version()
    LOCALSTACK.sync(progress)
    RUNTIME.sync(progress)
    wanted = version()
    if files.read(STAMP) != wanted:
        with locks.held(INSTALLING, "an installation", timeout=PATIENCE):
            _install_emulator(progress)
            files.write(STAMP, wanted)
    return wanted


def _install_emulator(progress: Progress) -> None:
    with progress.step("Installing the emulator"):
        # A build leaves folders behind, which a second build would pack: build a copy.
        shutil.rmtree(COPY, ignore_errors=True)
        shutil.copytree(EMULATOR, COPY, ignore=shutil.ignore_patterns(*LEFT_BY_BUILDS))
        LOCALSTACK.pip("install", "--no-deps", "--reinstall", COPY)
    with progress.step("Installing DynamoDB Local"):
        LOCALSTACK.run(
            LOCALSTACK.python, "-m", "tidemark_localstack.dynamodb_local", "install"
        )
    with progress.step("Indexing the services of LocalStack"):
        LOCALSTACK.run(LOCALSTACK.python, "-m", "tidemark_localstack.service_index")
