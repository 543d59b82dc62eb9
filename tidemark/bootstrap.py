"""Install `.venv` with the machine's own Python, then run the tool in it.

`python3 -m tidemark.bootstrap tool|dev [command …]`. Without a command, only install.
"""

import os
import sys


def main(kind, *command):  # type: ignore[no-untyped-def]  # older Pythons run this, too
    """Check the version of Python before anything is imported that needs 3.13."""
    if sys.version_info[:2] != (3, 13):
        sys.exit(
            "Tidemark needs Python 3.13 as `python3`; this one is {}.{}. Get it with "
            "`pyenv install 3.13`, from your package manager or from "
            "https://www.python.org/downloads/".format(*sys.version_info)
        )
    from tidemark.machine import exits, progress, virtualenvs

    with exits.one_line():
        environment = virtualenvs.own(kind)
        environment.sync(progress.Plain())
    if command:
        python = str(environment.python)
        os.execv(python, [python, "-m", "tidemark", *command])


if __name__ == "__main__":
    main(*sys.argv[1:])  # type: ignore[no-untyped-call]
