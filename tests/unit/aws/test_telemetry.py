import json

import pytest

from services.aws.telemetry import count, metrics


def test_a_count_is_a_metric_of_this_function(
    capsys: pytest.CaptureFixture[str],
) -> None:
    count("TicksReceived", 3)

    metrics.flush_metrics()

    written = json.loads(capsys.readouterr().out)
    (described,) = written["_aws"]["CloudWatchMetrics"]
    assert described == {
        "Namespace": "Tidemark",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": "TicksReceived", "Unit": "Count"}],
    }
    assert written["service"] == "unit-function"
    assert written["TicksReceived"] == [3.0]
