import json
import re
from pathlib import Path

from tidemark.dashboard.prometheus import Family

ROOT = Path(__file__).parents[4]


def test_a_label_with_quotes_and_line_breaks_stays_one_line() -> None:
    family = Family("last_price", "Help.", "symbol", [('a"\\\n}', "0.1"), ("b", None)])

    assert [*family.lines()] == [
        "# HELP tidemark_last_price Help.",
        "# TYPE tidemark_last_price gauge",
        'tidemark_last_price{symbol="a\\"\\\\\\n}"} 0.1',
    ]


def test_grafanas_panels_show_metrics_that_there_are() -> None:
    source = (ROOT / "tidemark/dashboard/prometheus.py").read_text()
    metrics = set(re.findall(r'Family\(\s+"(\w+)"', source))
    dashboard = json.loads((ROOT / "docs/grafana-dashboard.json").read_text())

    shown = {
        metric
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for metric in re.findall(r"tidemark_(\w+)", target["expr"])
    }

    assert shown <= metrics
    assert metrics - shown == {"read_timestamp_seconds"}
