"""The error that a user sees in place of a traceback."""


class ToolError(Exception):
    """A message for the user. The command prints it and exits with status 1."""
