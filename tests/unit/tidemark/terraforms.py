"""A `terraform` that does what the test says, and tells what it was asked."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = """#!{python}
import json, shutil, sys
home = {home!r}
plan = json.load(open(home + "/plan.json"))
with open(home + "/asked", "a") as file:
    print(json.dumps(sys.argv[1:]), file=file)
answers = plan.get(sys.argv[1], [["", 0]])
answer, status = answers.pop(0) if len(answers) > 1 else answers[0]
json.dump(plan, open(home + "/plan.json", "w"))
print(answer)
if sys.argv[1] == "apply" and not status:
    json.dump(plan.get("applied", {{}}), open("terraform.tfstate", "w"))
if sys.argv[1:3] == ["state", "push"]:
    shutil.copy(sys.argv[3], home + "/pushed")
sys.exit(status)
"""
VERSION = {
    "terraform_version": "1.11.4",
    "platform": "linux_amd64",
    "terraform_outdated": False,
}
TOFU_VERSION = {"terraform_version": "1.10.6", "platform": "linux_amd64"}
STACK: dict[str, Any] = {
    "terraform": {"required_providers": {"aws": {"version": "5.100.0"}}},
    "provider": {"aws": [{"region": "us-east-1", "default_tags": [{"tags": {}}]}]},
    "resource": {"aws_sqs_queue": {"market-data": {"name": "market-data-dev"}}},
}


@dataclass(frozen=True, slots=True)
class FakeTerraform:
    """`home` goes on PATH."""

    home: Path

    def install(
        self, name: str = "terraform", version: dict[str, Any] = VERSION
    ) -> None:
        program = self.home / name
        program.write_text(PROGRAM.format(python=sys.executable, home=str(self.home)))
        program.chmod(0o755)
        self.will(version=[[json.dumps(version), 0]])

    def will(self, **answers: Any) -> None:
        """Each command's answers and statuses in turn; the last one stays. `applied` is
        the state that an apply leaves.
        """
        plan = self.home / "plan.json"
        known = json.loads(plan.read_text()) if plan.exists() else {}
        plan.write_text(json.dumps({**known, **answers}))

    def asked(self) -> list[str]:
        """The commands it was given, in order."""
        return [call[0] for call in self.calls()]

    def calls(self) -> list[list[str]]:
        """The same with their arguments."""
        lines = self.home.joinpath("asked").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def pushed(self) -> Any:
        """The last state that it was to push."""
        return json.loads(self.home.joinpath("pushed").read_text())


def stack(folder: Path) -> Path:
    """A synthesised stack with one queue."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("cdk.tf.json").write_text(json.dumps(STACK))
    return folder
