"""`python -m tidemark`: the commands behind the Make targets."""

from tidemark import shield

if __name__ == "__main__":
    with shield.one_line():
        from tidemark.cli import main

        main()
