"""The command line. Results go to standard output, progress to standard error.

Each command is imported when it is called, so that a query does not wait for what only
a deployment needs.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from tidemark.machine import make_variables
from tidemark.machine.errors import ToolError

COMMANDS = {
    "up": "up:command",
    "demo": "demo:command",
    "feed": "feed:command",
    "read": "read:command",
    "watch": "watch:command",
    "deploy": "deploy:deploy",
    "plan": "deploy:plan",
    "destroy": "deploy:destroy",
    "status": "status:command",
    "logs": "logs:command",
    "outputs": "outputs:outputs",
    "ticks": "queries:ticks",
    "alerts": "queries:alerts",
    "rules": "rules:command",
    "channels": "channels:command",
    "trace": "trace:command",
    "tail": "tail:command",
    "dlq": "dlq:command",
    "repair": "repair:command",
    "drill": "drill:command",
    "chaos": "chaos:command",
    "dashboard": "dashboard:command",
    "down": "local:down",
    "clean": "local:clean",
    "install": "local:install",
    "check": "local:check",
}
HIDDEN = {"check"}


class Commands(TyperGroup):
    """The commands by name; their modules are in `tidemark/commands/`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in COMMANDS if name not in HIDDEN]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command for the list of commands: its name and its help."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=_docstring(cmd_name))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that is called."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found and _imported(name), rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Raise `ToolError` for a bad variable of make."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as bad:
            for spelling in bad.param.opts if bad.param else ():
                name = spelling.removeprefix("--")
                if value := make_variables.value(name):
                    told = f"{make_variables.option(name, value)}: {bad.message}"
                    raise ToolError(told) from bad
            raise


def _imported(name: str | None) -> Any:
    module, _, function = COMMANDS[str(name)].partition(":")
    run = getattr(import_module(f"tidemark.commands.{module}"), function)
    if isinstance(run, typer.Typer):  # it has commands of its own
        return get_command(run)
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name)(run)
    return get_command(single)


def _docstring(name: str) -> str | None:
    """Read it without importing the module, which takes longer for all of them."""
    module, _, function = COMMANDS[name].partition(":")
    source = Path(__file__).parent / "commands" / f"{module}.py"
    tree = ast.parse(source.read_bytes())
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == function:
            return ast.get_docstring(statement)
    return ast.get_docstring(tree)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def tidemark() -> None:
    """Tidemark on your machine. TARGET and ENVIRONMENT_SUFFIX choose where."""


def main() -> None:
    """Run a command; what a user can correct becomes a `ToolError`."""
    try:
        app(prog_name="bin/tidemark")
    except Exception as error:
        if told := _explained(error):
            raise ToolError(told) from error
        raise


def _explained(error: Exception) -> str:
    """What to tell the user, or nothing where it is a fault of ours."""
    from infra.settings import SettingsError

    if isinstance(error, SettingsError):
        return str(error)
    return _of_aws(error) if type(error).__module__.startswith("botocore.") else ""


def _of_aws(error: Any) -> str:
    from botocore.exceptions import EndpointConnectionError, NoCredentialsError

    from infra.settings import load_settings
    from tidemark.local_cloud.cloud import NotRunning

    if isinstance(error, NoCredentialsError):
        return "There are no AWS credentials: set AWS_PROFILE, or run `aws configure`."
    if isinstance(error, EndpointConnectionError):
        local = load_settings(target="local")
        if str(error.kwargs["endpoint_url"]).startswith(local.endpoint_url):
            return str(NotRunning(local.localstack_port))
    return str(error)
