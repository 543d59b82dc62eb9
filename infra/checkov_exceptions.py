"""Reasons why a resource is an exception to a rule that the tests check.

A rule is a check of checkov, or an action that a policy allows although no end-to-end
test calls it. The construct that explains the exception gives the reason, which is
written into the comment (`//`) of the resource's Terraform block, where the tests read
it. The tests fail for a finding without a reason, and for a reason without a finding.
"""

from collections.abc import Mapping

from cdktf import TerraformElement
from constructs import Construct

EXCEPTIONS = "exceptions"


def add_exceptions(construct: Construct, reasons: Mapping[str, str]) -> None:
    """Give the reason for each rule that a resource breaks, by the id of the rule.

    For a construct with several resources, the reasons apply to the main one.
    """
    resource = construct.node.default_child or construct
    assert isinstance(resource, TerraformElement)
    for rule, reason in reasons.items():
        resource.add_override(f"//.{EXCEPTIONS}.{rule}", reason)
