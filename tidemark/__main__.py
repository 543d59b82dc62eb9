"""`python -m tidemark`: the commands behind the Make targets."""

from tidemark.machine import exits

if __name__ == "__main__":
    with exits.one_line():
        from tidemark.cli import main

        main()
