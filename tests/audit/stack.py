"""The stack as AWS gets it, and what is said in `infra/` about its faults."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.settings import Settings
from infra.startup import prepare

type Finding = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Audited:
    """What was synthesised, and why (address, check) may fail."""

    document: dict[str, Any]
    accepted: dict[Finding, str]

    @classmethod
    def synthesised(
        cls, settings: Settings, *, archive: Path, outdir: Path
    ) -> "Audited":
        prepare()
        from cdktf import App

        from infra.stack import TidemarkStack

        app = App(outdir=str(outdir))
        stack = TidemarkStack(app, "tidemark", settings=settings, archive=archive)
        app.synth()
        text = (outdir / "stacks" / "tidemark" / "cdk.tf.json").read_text()
        return cls(json.loads(text), _accepted(stack))

    def resources(self) -> dict[str, dict[str, Any]]:
        """Every resource by its address."""
        return {
            f"{kind}.{id_}": resource
            for kind, found in self.document["resource"].items()
            for id_, resource in found.items()
        }


def _accepted(stack: Any) -> dict[Finding, str]:
    from cdktf import TerraformResource

    from infra.acceptance import ACCEPTED

    return {
        (f"{each.terraform_resource_type}.{each.friendly_unique_id}", check): reason
        for each in stack.node.find_all()
        if isinstance(each, TerraformResource)
        for entry in each.node.metadata
        if entry.type == ACCEPTED
        for check, reason in entry.data.items()
    }
