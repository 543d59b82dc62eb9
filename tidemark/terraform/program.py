"""The program that deploys: Terraform, or OpenTofu, which has the same commands."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tidemark.machine import paths, subprocesses
from tidemark.machine.errors import ToolError
from tidemark.terraform import answers, variables

NAMES = ("terraform", "tofu")
OLDEST = (1, 5)
OLDEST_WITH_A_BUCKET = (1, 10)  # locks a state in S3 without a table for it
INSTALL = (
    "Install it from https://developer.hashicorp.com/terraform/install, or OpenTofu "
    "from https://opentofu.org/docs/intro/install, and put it on PATH."
)


@dataclass(frozen=True, slots=True)
class Program:
    """A Terraform or OpenTofu that is new enough.

    `platform` is its platform, such as `linux_amd64`; `registry` is the host whose
    providers it installs.
    """

    command: str
    platform: str
    registry: str


def choose(setting: str | None) -> str:
    """Return the command of the program. Raises `ToolError` if there is none.

    `setting` names it; if it is empty, the command is Terraform's, or else OpenTofu's.
    """
    if setting:
        return _named(setting)
    for name in NAMES:
        if shutil.which(name):
            return name
    oldest = "{}.{}".format(*OLDEST)
    raise ToolError(f"Terraform {oldest} or later is missing. {INSTALL}")


def check(command: str, oldest: tuple[int, int] = OLDEST) -> Program:
    """Ask the program for its version. Raises `ToolError` if it is too old."""
    result = subprocess.run(
        [command, "version", "-json"],
        env=variables.for_aws(os.environ),
        capture_output=True,
        text=True,
        cwd="/",
    )
    try:
        answer = answers.read(result.stdout)
        version, platform = answer["terraform_version"], answer["platform"]
    except (ValueError, KeyError) as error:
        said = subprocesses.cause(result.stderr or result.stdout)
        raise ToolError(
            f"`{command} version -json` printed no version: {said}. {INSTALL}"
        ) from error
    # Only Terraform's answer has this.
    terraform = "terraform_outdated" in answer
    if tuple(int(part) for part in version.split(".")[:2]) < oldest:
        name = "Terraform" if terraform else "OpenTofu"
        wanted = "{}.{} or later".format(*oldest)
        raise ToolError(f"{name} {version} is too old: this needs {wanted}. {INSTALL}")
    registry = "registry.terraform.io" if terraform else "registry.opentofu.org"
    return Program(command, platform, registry)


def _named(setting: str) -> str:
    found = shutil.which(setting)
    if found is None:
        here = "The containers have only Terraform: set TIDEMARK_RUNTIME=host, or"
        where = f"{here} leave it empty." if paths.IMAGE else "Is it on PATH?"
        raise ToolError(f"TERRAFORM={setting}: there is no such program. {where}")
    return str(Path(found).absolute()) if os.sep in setting else setting
