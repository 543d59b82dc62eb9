"""The dashboard in headless Chromium: what a user sees while the pipeline works."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from infra.settings import Settings
from tests.e2e import identifiers
from tests.e2e.browser import browser, open_page
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.eventually import eventually
from tests.e2e.pipeline import Pipeline

pytestmark = [pytest.mark.local, pytest.mark.host]
HOPS = [
    "received",
    "processed",
    "stored",
    "enriched",
    "forwarded",
    "judged",
    "alert",
    "notified",
]


@pytest.fixture(scope="module")
def dashboard(settings: Settings) -> Iterator[Dashboard]:
    with running(settings) as dashboard:
        yield dashboard


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture
def page(dashboard: Dashboard, chromium: Browser) -> Iterator[Page]:
    """A page on which no script fails."""
    with open_page(chromium) as page:
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        yield page
        assert failures == []


def test_a_tick_appears_while_one_looks(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    pipeline.send({"symbol": symbol, "price": "99.5"})
    page.goto(f"{dashboard.url}#/prices/{symbol}/1h")
    last = page.locator(".last")
    expect(last).to_have_text("99.5")

    pipeline.send({"symbol": symbol, "price": "101.25"})

    expect(last).to_have_text("101.25")
    expect(page.get_by_role("button", name=symbol)).to_be_visible()


def test_a_change_that_rounds_to_zero_has_no_sign_and_no_colour(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    pipeline.send([{"symbol": symbol, "price": p} for p in ("100", "99.9999999")])
    eventually(lambda: pipeline.enriched(symbol, count=2))

    page.goto(f"{dashboard.url}#/prices/{symbol}/1h")

    change = page.get_by_role("button", name=symbol).locator(".change")
    expect(change).to_have_text("0.000 %")
    expect(change).to_have_class("change ")


def test_no_name_of_a_hop_breaks_inside_a_word(
    dashboard: Dashboard, chromium: Browser
) -> None:
    size: Any = {"width": 1280, "height": 900}
    with open_page(chromium, viewport=size) as page:
        page.goto(f"{dashboard.url}#/flow")
        title = page.get_by_text("notifications", exact=True)
        expect(title).to_be_visible()

        size_of_type = title.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")

        assert title.evaluate("e => e.offsetHeight") < 2 * size_of_type


def test_the_flow_counts_what_passes(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    page.goto(f"{dashboard.url}#/flow")

    pipeline.send([{"symbol": symbol, "price": price} for price in ("99", "101")])

    enricher = page.get_by_role("button", name="price-enricher function")
    expect(enricher).to_contain_text("working")


def test_a_late_tick_corrects_the_past(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    now_ms = time.time_ns() // 1_000_000
    earlier = {"symbol": symbol, "price": "99", "timestamp": now_ms - 120_000}
    pipeline.send([earlier, {"symbol": symbol, "price": "100", "timestamp": now_ms}])
    page.goto(f"{dashboard.url}#/prices/{symbol}/1h")
    page.get_by_text("Candles as a table").click()
    rows = page.locator(".as-table tbody tr")
    expect(rows).to_have_count(2)

    pipeline.send({**earlier, "price": "97"})

    expect(page.locator(".corrected")).to_contain_text("A late tick corrected")
    expect(rows.nth(1).locator("td").nth(3)).to_have_text("97.0000")


def test_an_alert_is_marked_in_the_chart_and_listed_with_its_ticks(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    page.goto(f"{dashboard.url}#/prices/{symbol}/1h")

    pipeline.send({"symbol": symbol, "price": pipeline.marks.above})

    chart = page.get_by_role("img", name=f"Chart of {symbol}: 1 candle, 1 mark of")
    expect(chart).to_be_visible()
    page.get_by_role("link", name="Alerts").click()
    page.get_by_text("Rules and their states").click()
    expect(page.locator(".rules tbody tr").first).to_contain_text("from the settings")
    page.get_by_label("Only this symbol").fill(symbol)
    page.get_by_role("button", name=f"Ticks around HIGH {symbol}").click()
    expect(page.locator("tr.it")).to_contain_text(pipeline.marks.above)


def test_what_a_sender_wrote_is_text(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    markup = f"<img src=x onerror=alert(1)>{symbol}"
    identifiers.symbols.append(markup)
    now_ms = str(time.time_ns() // 1_000_000)
    pipeline.put_tick(
        symbol={"S": markup},
        timestamp={"N": now_ms},
        price={"N": "7"},
        exchange={"S": "<b>bold</b>"},
        enriched={"BOOL": True},  # type: ignore[dict-item]
    )
    request_id = pipeline.send({"symbol": markup, "price": "1"})
    eventually(lambda: pipeline.completed(request_id))  # its rejection is in the queue
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))

    page.goto(dashboard.url)
    page.get_by_label("Search symbols").fill(symbol)
    page.get_by_role("button", name=markup).click()
    expect(page.get_by_role("heading", name=markup)).to_be_visible()
    expect(page.locator(".last")).to_have_text("7")
    page.get_by_role("link", name="Dead letters").click()
    reason = page.get_by_text("symbol: '<img src=x").first
    expect(reason).to_be_visible()

    assert page.locator("main img, main b b").count() == 0


def test_a_lost_connection_is_shown_and_repaired(
    pipeline: Pipeline, settings: Settings, chromium: Browser, symbol: str
) -> None:
    pipeline.send({"symbol": symbol, "price": "99"})
    with running(settings) as dashboard, open_page(chromium) as page:
        page.goto(f"{dashboard.url}#/prices/{symbol}/1h")
        expect(page.locator(".last")).to_have_text("99")

        stopped = dashboard.stop()
        lost = page.get_by_role("status").filter(has_text="Connection lost")
        expect(lost).to_be_visible()
        pipeline.send({"symbol": symbol, "price": "98"})
        dashboard.start()

        expect(page.locator(".last")).to_have_text("98")
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    assert stopped == 0


@pytest.mark.parametrize(
    "view", ["prices", "flow", "alerts", "trace", "letters", "cost"]
)
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 390), ("light", 768), ("dark", 1440)]
)
def test_axe_finds_nothing(
    dashboard: Dashboard, chromium: Browser, view: str, scheme: Any, width: int
) -> None:
    size: Any = {"width": width, "height": 900}
    options = {"color_scheme": scheme, "viewport": size, "reduced_motion": "reduce"}
    with open_page(chromium, **options) as page:
        page.goto(f"{dashboard.url}#/{view}")
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text(" …")

        found = Axe().run(page)

        sideways = "document.documentElement.scrollWidth > innerWidth"
        assert found.response["violations"] == []
        assert page.evaluate(sideways) is False


def test_prometheus_reads_the_hops_and_the_prices(
    pipeline: Pipeline, dashboard: Dashboard, symbol: str
) -> None:
    pipeline.send({"symbol": symbol, "price": "99.25"})

    def scraped() -> str:
        return httpx.get(f"{dashboard.url}metrics", trust_env=False, timeout=60).text

    line = f'tidemark_last_price{{symbol="{symbol}"}} 99.25\n'
    assert eventually(lambda: line in scraped())
    assert 'tidemark_hop_backlog{hop="market-data"}' in scraped()


def test_a_tick_can_be_followed_from_the_webhook_to_its_alert(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    request_id = pipeline.send({"symbol": symbol, "price": pipeline.marks.above})
    eventually(lambda: pipeline.notified_alerts(symbol))
    page.goto(f"{dashboard.url}#/trace")

    page.get_by_label("Request id or symbol").fill(symbol.lower())
    page.get_by_role("button", name="Follow").click()

    expect(page.get_by_role("heading", name=f"Request {request_id}")).to_be_visible()
    expect(page.locator(".steps b")).to_have_text(HOPS)
    expect(page.locator(".steps .delay").last).to_contain_text("ms in all")


def test_a_page_of_another_name_is_refused(dashboard: Dashboard) -> None:
    answer = httpx.get(
        dashboard.url,
        headers={"host": f"evil.test:{dashboard.port}"},
        trust_env=False,
        timeout=60,
    )

    assert answer.status_code == 421
    assert "script-src 'self'" in answer.headers["content-security-policy"]
