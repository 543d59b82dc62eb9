"""Attributes that moto does not return as they were set, so that a plan changes them.

A test compares the table with a plan: an entry that moto no longer needs must go.
"""

from tests.moto.environment import Change

NO_DEAD_LETTERS = "awslambda/models.py, LambdaFunction: DeadLetterConfig is not read"
SPACES = "sqs/models.py, Queue.attributes: json.dumps puts spaces where AWS has none"

# (address, attribute): where in moto
KNOWN_DIFFERENCES = {
    ("aws_lambda_function.webhook-processor", "dead_letter_config"): NO_DEAD_LETTERS,
    ("aws_lambda_function.price-enricher", "dead_letter_config"): NO_DEAD_LETTERS,
    ("aws_sqs_queue.market-data", "redrive_policy"): SPACES,
    ("aws_sqs_queue.notifications", "redrive_policy"): SPACES,
}

type Changed = dict[str, tuple[tuple[str, ...], set[str]]]


def changed_attributes(changes: list[Change]) -> set[tuple[str, str]]:
    """Return address and name of each attribute that would be updated."""
    return {(each.address, name) for each in changes for name in each.attributes}


def unexpected_changes(changes: list[Change]) -> Changed:
    """Return actions and attributes by address, without the known differences."""
    left = {
        each.address: (
            each.actions,
            {
                name
                for name in each.attributes
                if (each.address, name) not in KNOWN_DIFFERENCES
            },
        )
        for each in changes
    }
    return {
        address: (actions, names)
        for address, (actions, names) in left.items()
        if names or actions != ("update",)
    }
