"""The reasons that stop the reading of a file, and those that concern one line."""


class Refusal(Exception):
    """A file, or a setting, with which no tick can be known to be right.

    The message is one line; it names the setting that settles the matter, if any does.
    `label` is the file's, where it is not the one that is being read.
    """

    def __init__(self, reason: str, label: str | None = None) -> None:
        super().__init__(reason)
        self.label = label


class BadLine(Exception):
    """A line that is no tick, although it should be one."""


class NoTick(Exception):
    """A line that holds no tick for a harmless reason, which the message names."""
