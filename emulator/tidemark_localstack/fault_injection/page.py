"""The page at `rules.PATH`: GET shows the rules, POST adds one, DELETE ends all.

{"effect": "kill", "function": "price-enricher-dev",
 "action": "sqs:SendMessageBatch", "times": 1, "seconds": 60}
"""

import os
import subprocess

from localstack.http import Request, Response

from tidemark_localstack.fault_injection.rules import BadRule, Rule, active


class Page:
    """A resource of LocalStack's internal API."""

    def on_get(self, request: Request) -> Response:
        return Response.for_json(active.shown())

    def on_post(self, request: Request) -> Response:
        given = request.get_json(silent=True)
        try:
            if not isinstance(given, dict):
                raise BadRule("the body is no JSON object")
            rule = Rule.of(given)
        except BadRule as bad:
            return Response.for_json({"error": str(bad)}, status=400)
        if rule.effect == "pause":
            pause(rule.delay_s)
        else:
            active.add(rule)
        return Response.for_json(active.shown())

    def on_delete(self, request: Request) -> Response:
        active.clear()
        return Response.for_json([])


def pause(seconds: float) -> None:
    """Stop this process for so long, a moment after the answer is sent."""
    pid = os.getpid()
    script = f"sleep 0.2; kill -STOP {pid}; sleep {seconds}; kill -CONT {pid}"
    subprocess.Popen(["sh", "-c", script], start_new_session=True)
