"""Find the folder from which Terraform installs its AWS provider.

A folder that contains `registry.terraform.io/hashicorp/aws/…` serves as `-plugin-dir`;
for OpenTofu, one that contains `registry.opentofu.org/hashicorp/aws/…`. The order of
the search is: the setting; Terraform's own configuration, which is not changed; the
folders in which Terraform looks by itself; one level below the usual roots for add-on
software. If none has the provider, Terraform downloads it from the registry.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tidemark.machine.errors import ToolError

ROOTS = (Path("/opt"), Path("/usr/local/share"), Path("/usr/local/lib"))


@dataclass(frozen=True, slots=True)
class Provider:
    """The AWS provider of a version, platform (`linux_amd64`) and registry."""

    version: str
    platform: str
    registry: str = "registry.terraform.io"

    @property
    def address(self) -> Path:
        """Its place in a plugin folder."""
        return Path(self.registry, "hashicorp", "aws")

    def in_folder(self, folder: Path) -> bool:
        """Return True if a folder holds it, unpacked or as the registry's archive."""
        home = folder / self.address
        archive = f"terraform-provider-aws_{self.version}_{self.platform}.zip"
        return os.path.isdir(home / self.version / self.platform) or os.path.isfile(
            home / archive
        )


def find(
    provider: Provider,
    *,
    setting: Path | None,
    environment: Mapping[str, str],
    roots: Iterable[Path] = ROOTS,
) -> Path | None:
    """Return the folder for `-plugin-dir`, or None where Terraform needs none.

    Raises `ToolError` if the folder of the setting does not hold the provider.
    """
    if setting:
        if not provider.in_folder(setting):
            raise ToolError(
                f"TERRAFORM_PLUGIN_DIR={setting} does not contain {provider.address}/"
                f"{provider.version}/{provider.platform}."
            )
        return setting.resolve()
    if _configured(environment):
        return None
    folders = [*_implied(environment), *_below(roots)]
    return next((folder for folder in folders if provider.in_folder(folder)), None)


def _configured(environment: Mapping[str, str]) -> bool:
    home = Path(environment.get("HOME", "/"))
    named = environment.get("TF_CLI_CONFIG_FILE")
    configs = [Path(named)] if named else [home / ".terraformrc", home / ".tofurc"]
    return any(_installs_providers(config) for config in configs)


def _installs_providers(config: Path) -> bool:
    try:
        return "provider_installation" in config.read_text()
    except OSError:
        return False


def _implied(environment: Mapping[str, str]) -> list[Path]:
    home = Path(environment.get("HOME", "/"))
    data = environment.get("XDG_DATA_HOME") or home / ".local/share"
    shared = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [
        home / ".terraform.d/plugins",
        home / "Library/Application Support/io.terraform/plugins",
        Path("/Library/Application Support/io.terraform/plugins"),
        *(Path(root) / "terraform/plugins" for root in [data, *shared.split(":")]),
    ]


def _below(roots: Iterable[Path]) -> list[Path]:
    return [
        root / name
        for root in roots
        if os.access(root, os.R_OK | os.X_OK)
        for name in sorted(os.listdir(root))
    ]
