"""`python -m tidemark_localstack.dynamodb_local install|lock`"""

import argparse
import sys

from tidemark_localstack.dynamodb_local import home
from tidemark_localstack.dynamodb_local.artifacts import COORDINATE, resolve
from tidemark_localstack.dynamodb_local.installation import InstallError, install


def main() -> int:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}")
    parser.add_argument("action", choices=["install", "lock"])
    action = parser.parse_args().action
    try:
        if action == "lock":
            print("\n".join(sorted(str(artifact) for artifact in resolve())))
        elif install():
            print(f"installed {COORDINATE} into {home()}")
    except InstallError as error:
        print(f"tidemark: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
