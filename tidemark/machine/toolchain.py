"""What the local cloud runs on: LocalStack, the Lambda runtime, the emulator.

Java and DynamoDB Local come with them; nothing is installed outside `.tidemark/`.
"""

import shutil

from tidemark.machine import files, locks, paths
from tidemark.machine.progress import Progress
from tidemark.machine.virtualenvs import INSTALLING, PATIENCE, Environment

LOCALSTACK = Environment(
    "LocalStack", paths.LOCALSTACK, paths.ROOT / "requirements-localstack.txt"
)
RUNTIME = Environment(
    "the Lambda runtime", paths.RUNTIME, paths.ROOT / "requirements-runtime.txt"
)
EMULATOR = paths.ROOT / "emulator"
COPY = paths.STATE / "emulator"
LEFT_BY_BUILDS = ("build", "*.egg-info", "__pycache__")
STAMP = paths.LOCALSTACK / "emulator.sources"


def version() -> str:
    """A digest of everything the local cloud runs on; an image has a version itself."""
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
        # Built from a copy: a build leaves folders that a later one would pack.
        shutil.rmtree(COPY, ignore_errors=True)
        shutil.copytree(EMULATOR, COPY, ignore=shutil.ignore_patterns(*LEFT_BY_BUILDS))
        LOCALSTACK.pip("install", "--no-deps", "--reinstall", COPY)
    with progress.step("Installing DynamoDB Local"):
        LOCALSTACK.run(
            LOCALSTACK.python, "-m", "tidemark_localstack.dynamodb_local", "install"
        )
