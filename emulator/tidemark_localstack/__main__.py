"""`python -m tidemark_localstack serve`: run the local cloud in the foreground."""

import argparse
import sys
from pathlib import Path

from tidemark_localstack import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tidemark_localstack")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("serve", help="run LocalStack in the foreground")
    command.add_argument("--port", type=int, default=4566)
    command.add_argument("--listen", default="127.0.0.1", help="address to listen on")
    command.add_argument("--runtime-python", type=Path, required=True)
    command.add_argument("--state-dir", type=Path, required=True)
    options = parser.parse_args()
    if not options.runtime_python.is_file():
        parser.error(f"--runtime-python: there is no file {options.runtime_python}")
    sys.exit(
        serve.serve(
            port=options.port,
            listen=options.listen,
            runtime_python=options.runtime_python.absolute(),
            state_dir=options.state_dir.absolute(),
        )
    )


if __name__ == "__main__":
    main()
