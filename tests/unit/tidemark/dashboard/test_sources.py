import json
from datetime import UTC, datetime

from tests.unit.tidemark.dashboard.test_flow import physical
from tidemark.dashboard import metric_names
from tidemark.dashboard.hop_items import readable
from tidemark.dashboard.log_counts import LogCounts
from tidemark.dashboard.metric_counts import MetricCounts
from tidemark.dashboard.watchlist import Behind, Watchlist
from tidemark.stored.clients import Clients

MINUTE_MS = 60_000
NOW = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS + 30_000
METRICS = '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"A"}]}]},"A":[2.0]}'


def put_lines(aws: Clients, *lines: tuple[int, str]) -> None:
    aws.logs.put_log_events(
        logGroupName="/aws/lambda/f",
        logStreamName="s",
        logEvents=[{"timestamp": time, "message": line} for time, line in lines],
    )


def test_the_log_is_read_on_and_no_line_is_counted_twice(aws: Clients) -> None:
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    aws.logs.create_log_group(logGroupName="/aws/lambda/f")
    aws.logs.create_log_stream(logGroupName="/aws/lambda/f", logStreamName="s")
    counts, name = LogCounts(aws.logs, ["f"]), ("Tidemark", "A", "f")
    put_lines(aws, (now_ms - 9000, METRICS), (now_ms - 8000, "START"))

    totals = []
    for step in (0, 1000, 2000):
        counts.read(now_ms + step)
        totals.append(counts.samples.totals[name])
        put_lines(aws, (now_ms - 5000 + step, METRICS))

    assert totals == [2, 4, 6]


def test_cloudwatch_is_asked_once_a_minute_for_complete_minutes(aws: Clients) -> None:
    name = ("AWS/Lambda", "Errors", "f")
    for minutes_ago, value in ((3, 5), (2, 7), (0, 9)):
        aws.cloudwatch.put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[
                {
                    "MetricName": "Errors",
                    "Dimensions": [{"Name": "FunctionName", "Value": "f"}],
                    "Timestamp": datetime.fromtimestamp(
                        (NOW - minutes_ago * MINUTE_MS) / 1000, UTC
                    ),
                    "Value": value,
                }
            ],
        )
    counts = MetricCounts(aws.cloudwatch, [name])

    until_ms = counts.read(NOW)
    counts.names = ()
    again = counts.read(NOW + 29_999)

    assert until_ms == again == NOW - 30_000 - 2 * MINUTE_MS
    assert counts.samples.sum(name, until_ms) == 7


def test_each_metric_is_asked_for_once() -> None:
    names = metric_names.every(physical)

    assert len(names) == len({*names})
    assert {*metric_names.errors(physical)} <= {*names}


def test_the_watchlist_has_the_newest_of_each_symbol(aws: Clients) -> None:
    for table in ("prices", "alerts"):
        aws.dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "symbol", "AttributeType": "S"},
                {"AttributeName": "timestamp", "AttributeType": "N"},
            ],
            KeySchema=[
                {"AttributeName": "symbol", "KeyType": "HASH"},
                {"AttributeName": "timestamp", "KeyType": "RANGE"},
            ],
        )
        for symbol, time, price in (("A", "1", "5"), ("A", "2", "6"), ("B", "3", "7")):
            aws.dynamodb.put_item(
                TableName=table,
                Item={
                    "symbol": {"S": symbol},
                    "timestamp": {"N": time},
                    "price": {"N": price},
                },
            )
    watchlist = Watchlist(aws.dynamodb, "prices", "alerts", per_reading=1)

    watchlist.find_symbols()
    watchlist.read()
    watchlist.read()

    assert {s: quote.price for s, quote in watchlist.quotes.items()} == {
        "A": "6",
        "B": "7",
    }
    assert [int(row["timestamp"]) for row in watchlist.newest_alerts()] == [3, 2, 1]
    assert watchlist.behind() == Behind(3, 1)


def test_a_log_line_is_shown_without_what_is_in_each() -> None:
    line = {"level": "INFO", "message": "币", "timestamp": "2026", "function_name": "f"}

    assert readable(json.dumps(line)) == '2026 INFO {"message": "币"}'
    assert readable("[1]") == "[1]"
    assert readable("Task timed out") == "Task timed out"
