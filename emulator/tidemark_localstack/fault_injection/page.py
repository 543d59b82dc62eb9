"""The page at `rules.PATH`: GET shows the rules, POST adds one, DELETE ends all.

{"effect": "kill", "function": "price-enricher-dev",
 "action": "sqs:SendMessageBatch", "times": 1, "seconds": 60}
"""

import os
import subprocess
import threading
import time

from localstack.http import Request, Response

from tidemark_localstack.fault_injection.rules import BadRule, Rule, active

CHECKED_EVERY_S = 0.1


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
        active.add(rule)
        if rule.effect == "pause":
            pause(rule)
        return Response.for_json(active.shown())

    def on_delete(self, request: Request) -> Response:
        active.clear()
        return Response.for_json([])


def pause(rule: Rule) -> None:
    """Stop this process for so long, a moment after the answer is sent."""
    pid = os.getpid()
    script = f"sleep 0.2; kill -STOP {pid}; sleep {rule.delay_s}; kill -CONT {pid}"
    pausing = subprocess.Popen(["sh", "-c", script], start_new_session=True)
    threading.Thread(target=count_pause, args=(rule, pausing), daemon=True).start()


def count_pause(rule: Rule, pausing: subprocess.Popen[bytes]) -> None:
    """Count the pause if no time seems to pass while this process stands still."""
    longest, before = 0.0, time.monotonic()
    while pausing.poll() is None:
        time.sleep(CHECKED_EVERY_S)
        now = time.monotonic()
        longest, before = max(longest, now - before), now
    if longest >= rule.delay_s:
        active.count(rule, 1)
