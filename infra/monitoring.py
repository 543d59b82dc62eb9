"""Alarms, each of which notifies one topic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from infra.function import Function
from infra.ingress import Webhooks
from infra.messaging import Queue, Topic
from infra.settings import Settings

PERIOD_S = 300


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric; the names of its alarms begin with `owner`."""

    namespace: str
    name: str
    owner: str
    dimensions: Mapping[str, str]


def of_lambda(function: Function, name: str) -> Metric:
    """Return a metric that Lambda records for the function."""
    dimensions = {"FunctionName": function.name}
    return Metric("AWS/Lambda", name, function.node.id, dimensions)


def of_service(function: Function, name: str) -> Metric:
    """Return a metric that the function itself writes into its log."""
    return Metric("Tidemark", name, function.node.id, {"service": function.name})


def of_queue(queue: Queue, name: str) -> Metric:
    """Return a metric that SQS records for the queue."""
    return Metric("AWS/SQS", name, queue.node.id, {"QueueName": queue.name})


def of_webhooks(webhooks: Webhooks, name: str) -> Metric:
    """Return a metric that API Gateway records for the stage."""
    dimensions = {"ApiName": webhooks.name, "Stage": webhooks.STAGE}
    return Metric("AWS/ApiGateway", name, webhooks.node.id, dimensions)


class Alarms(Construct):
    """Alarms over five minutes that notify `topic`; missing data sets off no alarm.

    The name of an alarm is the owner of its metric and the `trouble` that it reports.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, topic: Topic
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._topic = topic
        self._leave = topic.admit_alarms()

    def rate(self, trouble: str, part: Metric, whole: Metric) -> None:
        """Set off an alarm if `part` is more than 1 % of `whole`."""
        rate = CloudwatchMetricAlarmMetricQuery(
            id="rate",
            expression="100 * part / whole",
            label=f"{part.name} per 100 {whole.name}",
            return_data=True,
        )
        self._alarm(
            f"{part.owner}-{trouble}",
            alarm_description=f"{part.name} above 1 % of {whole.name}",
            threshold=1,
            metric_query=[rate, _sum("part", part), _sum("whole", whole)],
        )

    def any(self, trouble: str, metric: Metric) -> None:
        """Set off an alarm if the metric counts anything."""
        self._single(trouble, metric, 0, "Sum")

    def peak(self, trouble: str, metric: Metric, *, above: int) -> None:
        """Set off an alarm if the metric exceeds that value once."""
        self._single(trouble, metric, above, "Maximum")

    def _single(
        self, trouble: str, metric: Metric, threshold: int, statistic: str
    ) -> None:
        self._alarm(
            f"{metric.owner}-{trouble}",
            alarm_description=f"{metric.name} above {threshold}",
            threshold=threshold,
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            statistic=statistic,
            period=PERIOD_S,
        )

    def _alarm(self, name: str, *, threshold: int, **what: Any) -> None:
        CloudwatchMetricAlarm(
            self,
            name,
            alarm_name=self._settings.name(name),
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic.arn],
            depends_on=[self._leave],
            **what,
        )


def _sum(id_: str, metric: Metric) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=id_,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            period=PERIOD_S,
            stat="Sum",
        ),
    )
