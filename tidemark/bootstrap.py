"""Fill `.venv` with nothing but the machine's own Python, then run the tool in it.

`python3 -m tidemark.bootstrap tool|dev [command …]`; without a command it only fills.
"""

import os
import sys


def main(kind, *command):  # type: ignore[no-untyped-def]  # older Pythons get here too
    """Judge the interpreter before anything newer than it is imported."""
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
