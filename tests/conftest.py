"""What all tests need: that they can be interrupted."""

import signal


def pytest_configure() -> None:
    """Undo that a script which starts the tests in its background ignores SIGINT: what
    they start would ignore it, too.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
