"""A CloudWatch dashboard of the flow: a row of graphs for each stretch of it.

`make dashboard` shows more, and live; this one needs no tool.
"""

import json
from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from infra.monitoring import Metric
from infra.settings import Settings

COLUMNS = 24
HEIGHT = 6
PERIOD_S = 60
# Anything that waits or has an age has a peak; the rest is counted.
PEAKS = ("Age", "NumberOfMessages", "Duration")


class Dashboard(Construct):
    """Rows of graphs; each graph shows several metrics, one value a minute."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._widgets: list[dict[str, Any]] = []
        self._rows = 0

    def row(self, **graphs: Sequence[Metric]) -> None:
        """Add graphs beside each other. The keyword is the title, with _ for spaces."""
        width = COLUMNS // len(graphs)
        for column, (title, metrics) in enumerate(graphs.items()):
            self._widgets.append(
                {
                    "type": "metric",
                    "x": column * width,
                    "y": self._rows * HEIGHT,
                    "width": width,
                    "height": HEIGHT,
                    "properties": self._graph(title.replace("_", " "), metrics),
                }
            )
        self._rows += 1

    def declare(self) -> None:
        """Declare the dashboard with the rows that it was given."""
        body = {"widgets": self._widgets}
        CloudwatchDashboard(
            self,
            "Default",
            dashboard_name=self._settings.name("tidemark"),
            dashboard_body=json.dumps(body, separators=(",", ":"), sort_keys=True),
        )

    def _graph(self, title: str, metrics: Sequence[Metric]) -> dict[str, Any]:
        return {
            "title": title,
            "region": self._settings.aws_region,
            "view": "timeSeries",
            "period": PERIOD_S,
            "metrics": [_line(metric) for metric in metrics],
        }


def _line(metric: Metric) -> list[Any]:
    peak = any(part in metric.name for part in PEAKS)
    options = {
        "label": f"{metric.owner} {metric.name}",
        "stat": "Maximum" if peak else "Sum",
    }
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, options]
