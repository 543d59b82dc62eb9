"""Deploy to AWS, plan, and destroy: name the account, plan, check, show, ask, apply."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tidemark.aws import preflight, state_bucket, state_ownership, taken_names
from tidemark.aws.account import Account
from tidemark.aws.kept_resources import remains
from tidemark.aws.unfinished import Unfinished
from tidemark.environment import Environment
from tidemark.machine import locks
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.terminal import approval, console
from tidemark.terraform import state_repair
from tidemark.terraform.plan import Plan
from tidemark.terraform.runner import Terraform
from tidemark.terraform.state import State


@dataclass(slots=True)
class Operation:
    """A running change of one environment."""

    environment: Environment
    progress: Progress
    account: Account
    terraform: Terraform
    unfinished: Unfinished

    @classmethod
    @contextmanager
    def begun(
        cls, environment: Environment, progress: Progress, *, command: str
    ) -> Iterator["Operation"]:
        """Lock the environment, check the account, and collect its one state."""
        workspace = environment.workspace
        account = Account.of(environment.clients)
        _tell(account.line(environment.settings))
        with locks.held(workspace.folder / "lock", command):
            if environment.state_is_in_a_bucket:
                state_bucket.check(environment.clients)
                workspace.rename_state()
            terraform = environment.prepare(environment.synthesise(progress))
            unfinished = Unfinished(terraform.folder)
            operation = cls(environment, progress, account, terraform, unfinished)
            operation._collect_states()
            try:
                yield operation
            finally:
                terraform.forget_plan()

    def _collect_states(self) -> None:
        """Push states that Terraform left elsewhere, and repair the result."""
        settings = self.environment.settings
        state_ownership.check(self.terraform.state(), self.account, settings)
        for stray in self.environment.workspace.strays():
            document = json.loads(stray.read_text())
            state_ownership.check(State(document), self.account, settings)
            self.terraform.push_state(stray)
            stray.unlink()
        self.unfinished.forget_imports()
        state_repair.repair_after_failure(self.terraform)

    def plan(self, *, destroy: bool = False) -> Plan:
        """Plan and show the plan."""
        with self.progress.step(f"Planning {self.environment.suffix}"):
            plan = self.terraform.plan(destroy=destroy)
            while not destroy and self._import_found(plan):
                plan = self.terraform.plan()
        self.account.check_terraforms(plan.account)
        for line in plan.lines():
            console.out.print(line, soft_wrap=True, markup=False)
        if plan.changes:
            _tell(f"The whole plan: {self.terraform.keep_description()}")
        return plan

    def _import_found(self, plan: Plan) -> bool:
        found = taken_names.held(plan, self.environment.clients)
        return self.unfinished.import_next(found)

    def check(self, plan: Plan) -> None:
        """Raise `ToolError` for what AWS would refuse during the apply."""
        findings = preflight.check(plan, self.environment.clients)
        _tell(*findings.notes)
        if findings.problems:
            raise ToolError("\n".join(findings.problems))

    def approve(self, verb: str, *, approved: bool) -> None:
        """Ask, unless it was `approved` before. Raises `ToolError` but for a yes."""
        where = f"account {self.account.id}, {self.environment.settings.aws_region}"
        question = f"{verb} {self.environment.suffix} in {where}?"
        approval.ask(question, approved=approved)

    def apply(self, plan: Plan, doing: str) -> None:
        """Apply the plan."""
        self.unfinished.begin(plan)
        try:
            with (
                self.progress.step(f"{doing} {self.environment.suffix}") as step,
                state_repair.change_of(self.terraform),
            ):
                self.terraform.apply_plan(step, total=len(plan.changes))
        except ToolError:
            self.progress.note(
                "What was not applied yet is unchanged. Correct the cause and run the "
                "same command again: it continues from here."
            )
            raise
        self.unfinished.end()

    def names_still_taken(self) -> list[str]:
        """Resources that have the environment's names although its state is empty."""
        with self.progress.step("Looking for what is left"):
            plan = self.terraform.plan()
            found = list(taken_names.held(plan, self.environment.clients))
        there = [f"{e.word} {e.name}" for e in found if isinstance(e, taken_names.Held)]
        if not there:
            return []
        return [
            f"Still there: {', '.join(there)}. A queue may take a minute to disappear; "
            "anything else was made by a command that was killed: remove it by hand."
        ]


def plan(environment: Environment, progress: Progress) -> None:
    """Show what a deployment would change."""
    with Operation.begun(environment, progress, command="make plan") as operation:
        operation.check(operation.plan())


def deploy(environment: Environment, progress: Progress, *, approved: bool) -> None:
    """Make the environment what sources and settings describe."""
    with Operation.begun(environment, progress, command="make deploy") as operation:
        plan = operation.plan()
        operation.check(plan)
        if not plan.empty:
            operation.approve("Deploy", approved=approved)
            operation.apply(plan, "Deploying")


def destroy(
    environment: Environment, progress: Progress, *, approved: bool
) -> list[str]:
    """Remove the environment; return a line for each thing that AWS keeps of it."""
    with Operation.begun(environment, progress, command="make destroy") as operation:
        if operation.terraform.state().empty:
            return [f"{environment.suffix} is not deployed."]
        plan = operation.plan(destroy=True)
        operation.approve("Destroy", approved=approved)
        operation.apply(plan, "Destroying")
        left = operation.names_still_taken()
        environment.workspace.retire_state()
        return [f"{environment.suffix} is destroyed.", *left, *remains(plan)]


def _tell(*lines: str) -> None:
    for line in lines:
        console.err.print(line, soft_wrap=True, markup=False)
