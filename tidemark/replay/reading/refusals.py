"""The reasons that stop the reading of a file, and those that concern one line."""


class Refusal(Exception):
    """A file, or a setting, with which no tick can be known to be right.

    The message is one line; it names the setting that settles the matter, if any does.
    """


class BadLine(Exception):
    """A line that is no tick, although it should be one."""


class NoTick(Exception):
    """A line that holds no tick for a harmless reason, which the message names."""
