"""Policies by name on standard input → parliament's findings by name, as JSON.

Run by the interpreter of the audit's environment, which alone has parliament.
"""

import json
import sys

from parliament import analyze_policy_string


def main() -> None:
    findings = {
        name: [
            f"{finding.issue} {finding.detail}"
            for finding in analyze_policy_string(policy).findings
        ]
        for name, policy in json.load(sys.stdin).items()
    }
    json.dump(findings, sys.stdout)


if __name__ == "__main__":
    main()
