import json
import re
from pathlib import Path
from typing import Any

from tests.infra.synthesised import Stack

ROOT = Path(__file__).parents[2]
OURS = "service"  # the dimension of the metrics that the functions count


def graphs(stack: Stack) -> list[dict[str, Any]]:
    dashboard = stack.one("aws_cloudwatch_dashboard", dashboard_name="tidemark-blue")
    widgets: list[dict[str, Any]] = json.loads(dashboard["dashboard_body"])["widgets"]
    return widgets


def metrics(stack: Stack) -> list[list[Any]]:
    return [
        metric for graph in graphs(stack) for metric in graph["properties"]["metrics"]
    ]


def test_the_dashboard_shows_each_function_and_queue_of_the_stack(local: Stack) -> None:
    owners = {dimension for metric in metrics(local) for dimension in metric[2:-1]}

    named = {
        *(each["function_name"] for each in local.all("aws_lambda_function")),
        *(each["name"] for each in local.all("aws_sqs_queue")),
    }
    assert named <= owners


def test_no_graph_covers_another(local: Stack) -> None:
    cells = [
        (x, y)
        for graph in graphs(local)
        for x in range(graph["x"], graph["x"] + graph["width"])
        for y in range(graph["y"], graph["y"] + graph["height"])
    ]

    assert len(cells) == len({*cells})
    assert max(x for x, _ in cells) == 23  # CloudWatch has 24 columns


def test_ages_and_depths_are_peaks_and_all_else_is_counted(local: Stack) -> None:
    stats = {(metric[1], metric[-1]["stat"]) for metric in metrics(local)}

    assert {name for name, stat in stats if stat == "Maximum"} == {
        "AsyncEventAge",
        "IteratorAge",
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
        "Duration",
    }
    assert {stat for _, stat in stats} == {"Maximum", "Sum"}


def test_each_metric_of_ours_is_counted_by_its_function(local: Stack) -> None:
    shown = {(m[3].removesuffix("-blue"), m[1]) for m in metrics(local) if m[2] == OURS}

    counted = {
        (handler.parent.name.replace("_", "-"), name)
        for handler in ROOT.glob("services/*/handler.py")
        for name in re.findall(r'\bcount\("(\w+)"', handler.read_text())
    }
    assert shown
    assert shown <= counted


def test_these_are_the_metrics_of_awss_own(local: Stack) -> None:
    assert {metric[1] for metric in metrics(local) if metric[2] != OURS} == {
        *("Count", "4XXError", "5XXError"),
        *("Invocations", "Errors", "Throttles", "Duration"),
        *("AsyncEventAge", "IteratorAge"),
        *("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"),
    }


def test_the_graphs_show_the_minutes_of_the_stacks_region(local: Stack) -> None:
    shown = [graph["properties"] for graph in graphs(local)]

    assert {(each["region"], each["period"]) for each in shown} == {("us-east-1", 60)}
    assert {metric[0] for metric in metrics(local)} == {
        "AWS/ApiGateway",
        "AWS/Lambda",
        "AWS/SQS",
        "Tidemark",
    }


def test_a_line_is_labelled_with_what_it_is_about(local: Stack) -> None:
    [accepted] = [metric for metric in metrics(local) if metric[1] == "TicksAccepted"]

    assert accepted == [
        *("Tidemark", "TicksAccepted", "service", "webhook-processor-blue"),
        {"label": "webhook-processor TicksAccepted", "stat": "Sum"},
    ]
