import pytest

from tests.unit.tidemark.dashboard.test_flow import NOW, counted, physical
from tidemark.dashboard.cost import cost
from tidemark.dashboard.samples import Samples


def test_the_cost_is_that_of_the_last_five_minutes_traffic() -> None:
    samples = counted(
        webhook_processor={
            "Invocations": 10,
            "TicksReceived": 1000,
            "TicksAccepted": 1000,
        },
        price_enricher={"Invocations": 10, "TicksEnriched": 1000, "TicksCorrected": 50},
        data_processor={"Invocations": 40, "RecordsReceived": 1000, "AlertsRaised": 25},
    )
    samples.put(("AWS/Lambda", "GBSeconds", "price-enricher-dev"), NOW, 3)
    samples.put(("AWS/Lambda", "Duration", "data-processor-dev"), NOW, 2000)

    found = cost(samples, NOW, physical, symbols=10, memory_mb={"data-processor": 1024})

    assert found
    assert found.ticks_per_minute == 200
    traffic = found.traffic
    assert (traffic.per_webhook, traffic.stream_batch, traffic.queue_batch) == (
        *(100, 100, 25),
    )
    assert (traffic.per_symbol, traffic.writes) == (10, 2.1)
    assert traffic.gb_seconds == pytest.approx(0.003 + 0.002)
    assert found.per_million_ticks["write_units"] == pytest.approx(2.1 * 0.625)
    assert found.per_hour["write_units"] == pytest.approx(2.1 * 0.625 * 12_000 / 1e6)


def test_no_traffic_has_no_cost() -> None:
    assert cost(Samples(), NOW, physical, symbols=1, memory_mb={}) is None
