"""Why a resource stays as it is though checkov finds fault with it.

Said beside the resource and kept with its construct, out of Terraform's sight. The
tests of `make audit` hold reasons and findings against each other: neither is there
without the other.
"""

from constructs import Construct

ACCEPTED = "tidemark:accepted"


def accept(construct: Construct, **reasons: str) -> None:
    """Let these checks fail of a resource, or of the main one of a construct.

    Each is named by its id: `accept(function, CKV_AWS_50="…")`.
    """
    resource = construct.node.default_child or construct
    resource.node.add_metadata(ACCEPTED, reasons)
