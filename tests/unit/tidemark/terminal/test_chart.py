from decimal import Decimal

from tidemark.terminal import chart

DAY_MS = 86_400_000


def drawn(*prices: str, mark: str = "0", every_ms: int = DAY_MS) -> list[str]:
    points = [(n * every_ms, Decimal(price)) for n, price in enumerate(prices)]
    text = chart.draw("BTC", points, marks=[Decimal(mark)], width=60)
    return text.rstrip("\n").splitlines()


def test_it_fits_the_terminal_and_has_its_title() -> None:
    lines = drawn("1", "2", "3")

    assert lines[0].strip() == "BTC"
    assert max(map(len, lines)) == 60


def test_a_wide_range_of_prices_has_powers_of_ten() -> None:
    labels = {line.split("┤")[0].strip() for line in drawn("3", "50000") if "┤" in line}

    assert labels == {"10", "100", "1,000", "10,000"}


def test_a_narrow_range_is_even_and_has_its_mark() -> None:
    lines = drawn("100", "104", mark="103.5")

    labels = {line.split("┤")[0].strip() for line in lines if "┤" in line}
    assert labels == {"100", "101", "102", "103", "103.5", "104"}
    assert any("·····" in line for line in lines)


def test_a_mark_far_from_the_prices_is_left_out() -> None:
    assert not any("·····" in line for line in drawn("100", "104", mark="5000"))


def test_times_are_as_fine_as_the_span_needs() -> None:
    assert "1970-01" in drawn("1", "2", every_ms=1000 * DAY_MS)[-1]
    assert "01-01" in drawn("1", "2", every_ms=10 * DAY_MS)[-1]
    assert "00:00" in drawn("1", "2", every_ms=DAY_MS)[-1]
    assert "00:00:01" in drawn("1", "2", every_ms=5_000)[-1]


def test_a_single_price_is_drawn_too() -> None:
    assert drawn("100")


def test_alerts_are_triangles() -> None:
    points = [(n * DAY_MS, Decimal(100 + n)) for n in range(5)]

    text = chart.draw("BTC", points, marks=[], alerts=points[1:3], width=60)

    assert text.count("▲") == 2


def test_a_wide_range_of_today_fills_the_width() -> None:
    start = 1_709_294_400_000
    points = [(start, Decimal("0.71")), (start + DAY_MS, Decimal("160.5"))]

    lines = chart.draw("ADA", points, marks=[Decimal(50)], width=60).splitlines()

    assert any("·····" in each for each in lines)
    assert "12:00  " in lines[-1]
    assert "16:48" in lines[-1]
