"""The stack as AWS gets it, and the reasons in `infra/` for what checkov finds."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.main import synthesise
from infra.settings import Settings

type Finding = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Audited:
    """A synthesised stack."""

    document: dict[str, Any]

    @classmethod
    def synthesised(
        cls, settings: Settings, *, archive: Path, outdir: Path
    ) -> "Audited":
        folder = synthesise(settings, archive=archive, outdir=outdir)
        return cls(json.loads((folder / "cdk.tf.json").read_text()))

    def resources(self) -> dict[str, dict[str, Any]]:
        """Every resource by its address."""
        return {
            f"{kind}.{id_}": resource
            for kind, found in self.document["resource"].items()
            for id_, resource in found.items()
        }

    @property
    def exceptions(self) -> set[Finding]:
        """Each (address, check of checkov) that has a reason to fail."""
        return {
            (address, rule)
            for address, resource in self.resources().items()
            for rule in resource["//"].get("exceptions", {})
            if rule.startswith("CKV")
        }
