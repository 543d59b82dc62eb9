"""What the tool says instead of a traceback."""


class ToolError(Exception):
    """One clear line for the user; the command prints it and ends with 1."""
