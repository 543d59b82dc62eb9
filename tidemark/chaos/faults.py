"""The faults that `make chaos` knows: the rules for the emulator, and what must follow.

The emulator injects them on request: `emulator/tidemark_localstack/fault_injection`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WRITE, READ = "dynamodb:BatchExecuteStatement", "dynamodb:Query"
SEND, PUBLISH = "sqs:SendMessageBatch", "sns:PublishBatch"
WEBHOOK, ENRICHER, PROCESSOR = "webhook-processor", "price-enricher", "data-processor"
MARK = "SET notified_at"

# Until an experiment ends them.
SECONDS = 600

type Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. The functions in its rules have no suffix.

    If `claimed`, a process dies with the claim to an alert: nobody publishes it until
    the claim has run out, and then `make repair` does, or SQS delivers again.
    """

    name: str
    description: str
    rules: tuple[Rule, ...]
    claimed: bool = False

    def rules_for(self, suffix: str) -> list[dict[str, Any]]:
        """The rules with the physical names of an environment."""
        return [
            {**rule, "function": f"{rule['function']}-{suffix}", "seconds": SECONDS}
            if "function" in rule
            else dict(rule)
            for rule in self.rules
        ]


def _rule(effect: str, function: str, action: str = "", **more: Any) -> Rule:
    return {"effect": effect, "function": function, "action": action, **more}


def _kill(function: str, action: str, when: str, **more: Any) -> tuple[Rule]:
    return (_rule("kill", function, action, when=when, **more),)


FAULTS = (
    Fault(
        "webhook-killed-before-storing",
        "webhook-processor dies before it stores a request's ticks.",
        _kill(WEBHOOK, WRITE, "before"),
    ),
    Fault(
        "webhook-killed-after-storing",
        "webhook-processor dies after it has stored some of a request's ticks.",
        _kill(WEBHOOK, WRITE, "after"),
    ),
    Fault(
        "enricher-killed-before-writing",
        "price-enricher dies before it writes a batch's values.",
        _kill(ENRICHER, WRITE, "before"),
    ),
    Fault(
        "enricher-killed-before-forwarding",
        "price-enricher dies between writing a batch's values and forwarding it.",
        _kill(ENRICHER, SEND, "before"),
    ),
    Fault(
        "enricher-killed-after-forwarding",
        "price-enricher dies after it has forwarded a part of a batch.",
        _kill(ENRICHER, SEND, "after"),
    ),
    Fault(
        "processor-killed-before-publishing",
        "data-processor dies between claiming an alert and publishing it.",
        _kill(PROCESSOR, PUBLISH, "before"),
        claimed=True,
    ),
    Fault(
        "processor-killed-before-marking",
        "data-processor dies between publishing an alert and marking it.",
        _kill(PROCESSOR, WRITE, "before", containing=MARK),
        claimed=True,
    ),
    Fault(
        "dynamodb-refuses-calls",
        "DynamoDB refuses calls of all functions for a while.",
        (
            _rule("refuse", WEBHOOK, WRITE, times=3),
            _rule("refuse", ENRICHER, READ, times=3),
            _rule("refuse", ENRICHER, WRITE, times=3),
            _rule("refuse", PROCESSOR, WRITE, times=3),
        ),
    ),
    Fault(
        "dynamodb-refuses-statements",
        "DynamoDB refuses half of the statements inside of its answers for a while.",
        tuple(
            _rule(
                "refuse-statements",
                function,
                WRITE,
                share=0.5,
                times=4,
                code="ThrottlingError",
            )
            for function in (WEBHOOK, ENRICHER, PROCESSOR)
        ),
    ),
    Fault(
        "sns-refuses",
        "SNS refuses to publish alerts for a while.",
        (_rule("refuse", PROCESSOR, PUBLISH, times=5, code="Throttled"),),
    ),
    Fault(
        "sqs-refuses",
        "SQS refuses forwarded ticks for a while.",
        (_rule("refuse", ENRICHER, SEND, times=5, code="RequestThrottled"),),
    ),
    Fault(
        "webhook-times-out",
        "webhook-processor takes longer than it may.",
        (
            _rule("time-out", WEBHOOK, delay_s=1),
            _rule("stall", WEBHOOK, WRITE, delay_s=2, times=20),
        ),
    ),
    Fault(
        "enricher-times-out",
        "price-enricher takes longer than it may.",
        (
            _rule("time-out", ENRICHER, delay_s=1),
            _rule("stall", ENRICHER, READ, delay_s=2, times=20),
        ),
    ),
    Fault(
        "batches-delivered-twice",
        "Every function gets its next events twice.",
        tuple(_rule("twice", f, times=3) for f in (WEBHOOK, ENRICHER, PROCESSOR)),
    ),
    Fault(
        "cloud-paused",
        "The local cloud stands still for five seconds.",
        ({"effect": "pause", "delay_s": 5},),
    ),
)
BY_NAME = {fault.name: fault for fault in FAULTS}
