from tests.unit.tidemark.dashboard.builders import Table, row
from tidemark.dashboard.alert_watch import AlertWatch


def test_all_alerts_are_read_once_and_then_new_ones() -> None:
    table = Table(*(row(1000 + n, alert_type="HIGH") for n in range(450)))
    watch = AlertWatch(table.page)

    first = watch.poll()
    nothing = watch.poll()
    table.rows.append(row(2000, alert_type="LOW"))
    second = watch.poll()

    assert first is not None and len(first) == 450
    assert nothing is None
    assert second is not None
    assert second[0] == {"time_ms": 2000, "alert_type": "LOW"}
    assert len(second) == 451
    assert table.requests == 3 + 1 + 1


def test_a_symbol_without_alerts_has_no_marks() -> None:
    assert AlertWatch(Table().page).poll() == []
