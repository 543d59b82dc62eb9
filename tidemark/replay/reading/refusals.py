"""The errors that stop the reading of a file, and those that concern one line."""


class Refusal(Exception):
    """A file or a setting that does not allow correct ticks.

    The message is one line, and names the setting that would help, if there is one.
    `label` names the file if it is not the one that is being read.
    """

    def __init__(self, reason: str, label: str | None = None) -> None:
        super().__init__(reason)
        self.label = label


class BadLine(Exception):
    """The line should be a tick, but is not."""


class NoTick(Exception):
    """The line contains no tick, for a harmless reason that the message names."""
