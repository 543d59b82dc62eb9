"""Where Terraform finds its AWS provider without being told.

A folder that holds `registry.terraform.io/hashicorp/aws/…` serves as Terraform's
`-plugin-dir`. Looked at in this order: the setting; what Terraform's own configuration
says (it is left alone); the folders Terraform looks at by itself; one level below the
usual roots for add-on software; and where none has it, the registry.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tidemark.machine.errors import ToolError

PROVIDER = Path("registry.terraform.io/hashicorp/aws")
ROOTS = (Path("/opt"), Path("/usr/local/share"), Path("/usr/local/lib"))


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider's version and the platform it must be for (`linux_amd64`)."""

    version: str
    platform: str

    def in_folder(self, folder: Path) -> bool:
        """Whether a folder holds it, unpacked or as the registry's own archive."""
        home = folder / PROVIDER
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
    """The folder for `-plugin-dir`, or None where Terraform should see for itself."""
    if setting:
        if not provider.in_folder(setting):
            raise ToolError(
                f"TERRAFORM_PLUGIN_DIR={setting}: no {PROVIDER}/{provider.version}/"
                f"{provider.platform} in it."
            )
        return setting.resolve()
    if _configured(environment):
        return None
    folders = [*_implied(environment), *_below(roots)]
    return next((folder for folder in folders if provider.in_folder(folder)), None)


def _configured(environment: Mapping[str, str]) -> bool:
    home = Path(environment.get("HOME", "/"))
    named = environment.get("TF_CLI_CONFIG_FILE")
    config = Path(named) if named else home / ".terraformrc"
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
