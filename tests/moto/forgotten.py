"""All that moto does not give back as it was given, so that a plan wants it again.

What moto has learnt since must go from here: a test holds the table against a plan.
"""

from tests.moto.environment import Change

NO_DEAD_LETTERS = "awslambda/models.py, LambdaFunction: DeadLetterConfig is not read"
SPACES = "sqs/models.py, Queue.attributes: json.dumps puts spaces where AWS has none"

# (address, attribute): where in moto
FORGOTTEN = {
    ("aws_lambda_function.webhook-processor", "dead_letter_config"): NO_DEAD_LETTERS,
    ("aws_lambda_function.price-enricher", "dead_letter_config"): NO_DEAD_LETTERS,
    ("aws_sqs_queue.market-data", "redrive_policy"): SPACES,
}

type Changed = dict[str, tuple[tuple[str, ...], set[str]]]


def wanted_again(changes: list[Change]) -> set[tuple[str, str]]:
    """Address and name of each attribute that would be updated."""
    return {(each.address, name) for each in changes for name in each.attributes}


def but_for_forgotten(changes: list[Change]) -> Changed:
    """What is done to which attributes of each address, the table's aside."""
    left = {
        each.address: (
            each.actions,
            {name for name in each.attributes if (each.address, name) not in FORGOTTEN},
        )
        for each in changes
    }
    return {
        address: (actions, names)
        for address, (actions, names) in left.items()
        if names or actions != ("update",)
    }
