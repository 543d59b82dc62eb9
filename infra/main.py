"""Synthesise the settings' stack to Terraform's JSON. `bin/synthesise` runs this."""

import os
from pathlib import Path

from infra.archive import ArchiveError, build_archive
from infra.settings import Settings, SettingsError, load_settings
from infra.startup import prepare


def synthesise(settings: Settings, *, archive: Path, outdir: Path) -> Path:
    """Write the stack below `outdir`; return the folder that Terraform reads."""
    prepare()
    from cdktf import App

    from infra.alarms import declare_alarms
    from infra.graphs import declare_graphs
    from infra.outputs import declare_outputs
    from infra.stack import TidemarkStack

    app = App(outdir=str(outdir))
    stack = TidemarkStack(app, "tidemark", settings=settings, archive=archive)
    declare_alarms(stack)
    declare_graphs(stack)
    declare_outputs(stack)
    app.synth()
    return outdir / "stacks" / "tidemark"


def main() -> None:
    """Synthesise into `CDKTF_OUTDIR`; print an error that a user can correct as one
    line.
    """
    try:
        settings, archive = load_settings(), build_archive()
    except (SettingsError, ArchiveError) as error:
        raise SystemExit(str(error)) from error
    outdir = Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    stack = synthesise(settings, archive=archive, outdir=outdir)
    # The official CLI uses one folder for all environments. Terraform would remember
    # the state of the last one there, and offer to copy it over this one's.
    (stack / ".terraform" / "terraform.tfstate").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
