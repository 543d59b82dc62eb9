from benchmarks.alert_latency import Percentiles, percentiles


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    seconds = [number / 10 for number in range(100, 0, -1)]

    assert percentiles(seconds) == Percentiles(100, p50=5, p95=9.5, p99=9.9)


def test_the_highest_percentiles_of_few_samples_are_their_maximum() -> None:
    assert percentiles([1, 3, 2]) == Percentiles(3, p50=2, p95=3, p99=3)
