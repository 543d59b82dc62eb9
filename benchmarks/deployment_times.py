"""`make bench UP=1`: `make up` beside plain `terraform apply` of the same stack.

Both deploy to the same LocalStack, on a free port, each an environment of its own: into
nothing, without any change, and with a change of the functions' code. `make up` also
starts LocalStack and synthesises the stack in the first case. It runs in a copy of the
checkout, so that the code can be changed; the packages are those of the checkout.
"""

import json
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import own_cloud
from benchmarks.own_cloud import free_port
from infra.settings import load_settings
from tidemark.environment import Environment
from tidemark.machine import paths
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.terminal import console
from tidemark.terraform import function_code
from tidemark.terraform.runner import Terraform

FILE = paths.STATE / "bench-up.json"
HEAD = "| | make up, s | terraform apply, s | ratio |\n|---|---:|---:|---:|"
# Not copied, or linked: what is installed.
LEFT_OUT = (".git", ".venv", ".tidemark", "__pycache__", ".*_cache")
INSTALLED = ("localstack", "runtime", "emulator", "terraform-plugins")
CHANGED = Path("services", "webhook_processor", "handler.py")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one kind of deployment."""

    kind: str
    make_up: float
    terraform_apply: float


def main() -> None:
    own_cloud.check()
    with checkout() as copy, free_port() as port:
        times = measure(copy, port, console.progress())
    FILE.write_text(json.dumps([asdict(each) for each in times], indent=1) + "\n")
    print(HEAD)
    for each in times:
        ratio = each.make_up / each.terraform_apply
        seconds = f"{each.make_up:.1f} | {each.terraform_apply:.1f}"
        print(f"| {each.kind} | {seconds} | {ratio:.2f} |")


def measure(copy: Path, port: int, progress: Progress) -> list[Times]:
    """Deploy with both programs in turn, and stop the local cloud."""
    variables = {"LOCALSTACK_PORT": str(port), "ENVIRONMENT_SUFFIX": "up"}

    def make(target: str) -> None:
        own_cloud.tool(target, copy, variables)

    try:
        ups = [timed(lambda: make("up"), "make up, cold", progress)]
        plain = plain_terraform(port, progress)
        applies = [timed(plain.apply, "terraform apply, cold", progress)]
        for each in ("unchanged", "code only"):
            if each == "code only":
                with (copy / CHANGED).open("a") as code:
                    code.write("\n# Changed.\n")
                plain.change_code()
            ups.append(timed(lambda: make("up"), f"make up, {each}", progress))
            step = f"terraform apply, {each}"
            applies.append(timed(plain.apply, step, progress))
    finally:
        make("down")
    kinds = ("cold", "unchanged", "code only")
    return [Times(*each) for each in zip(kinds, ups, applies, strict=True)]


@dataclass(frozen=True, slots=True)
class Plain:
    """Terraform without anything that the tool adds to it."""

    terraform: Terraform

    def apply(self) -> None:
        run(
            [self.terraform.program, "apply", "-auto-approve", "-no-color"],
            self.terraform.folder,
            self.terraform.environment,
        )

    def change_code(self) -> None:
        """Put an archive with a further file into the stack."""
        built = self.terraform.folder / "changed.zip"
        shutil.copyfile(function_code.build(), built)
        with zipfile.ZipFile(built, "a") as packed:
            packed.writestr("changed.txt", "Changed.\n")
        function_code.insert(self.terraform.configuration, built)


def plain_terraform(port: int, progress: Progress) -> Plain:
    """Return an initialised Terraform. Its stack imports nothing: what `make up` makes
    before, it creates.
    """
    settings = load_settings(localstack_port=port, environment_suffix="plain")
    environment = Environment(settings)
    return Plain(environment.prepare(environment.synthesise(progress)))


@contextmanager
def checkout() -> Iterator[Path]:
    """Yield a copy of the checkout with links to what is installed in it."""
    copy = paths.STATE / "bench-up"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(paths.ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        (copy / ".venv").symlink_to(paths.ROOT / ".venv")
        (copy / ".tidemark").mkdir()
        for name in INSTALLED:
            if (paths.STATE / name).exists():
                (copy / ".tidemark" / name).symlink_to(paths.STATE / name)
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def timed(work: Callable[[], None], what: str, progress: Progress) -> float:
    with progress.step(what):
        begin = time.monotonic()
        work()
        return time.monotonic() - begin


def run(command: list[str], folder: Path, variables: dict[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise ToolError(f"`{' '.join(command)}` failed: {done.stdout[-2000:]}")


if __name__ == "__main__":
    main()
