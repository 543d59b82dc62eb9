"""The invocations of a second are counted in one call for each function."""

import json
from typing import Any

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from tidemark_localstack.patches.lambda_ import metrics

metrics.EVERY_S = 3600
calls = []


def put_metric_data(Namespace, MetricData):
    [datum] = MetricData
    name = datum["Dimensions"][0]["Value"]
    if name == "broken":
        raise RuntimeError
    calls.append([Namespace, name, datum["MetricName"], datum["Counts"]])


cloudwatch = SimpleNamespace(put_metric_data=put_metric_data)
metrics.connect_to = lambda **given: SimpleNamespace(cloudwatch=cloudwatch)
counts = metrics.Counts()
for name in ("broken", "a", "b", "a"):
    counts.add("Invocations", 1, {"func_name": name}, account_id="0", region_name="r")
counts.write()
counts.add("Errors", 1, {"func_name": "a"}, account_id="0", region_name="r")
counts.write()
counts.write()
print(json.dumps(calls))
"""


def test_each_metric_of_a_function_is_written_once_with_its_count() -> None:
    calls: Any = json.loads(output_of(PROGRAM)[-1])

    assert calls == [
        ["AWS/Lambda", "a", "Invocations", [2]],
        ["AWS/Lambda", "b", "Invocations", [1]],
        ["AWS/Lambda", "a", "Errors", [1]],
    ]
