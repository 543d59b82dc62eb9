"""`python -m tidemark`: the commands behind the Make targets."""

import sys

from tidemark import paths, shield

if __name__ == "__main__":
    # The rules of the pipeline (what a tick is, what a mark is) are the services' own.
    sys.path.append(str(paths.ROOT / "services"))
    with shield.one_line():
        from tidemark.cli import main

        main()
