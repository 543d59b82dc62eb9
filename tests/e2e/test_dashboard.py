"""The dashboard in headless Chromium: what a user sees while the pipeline works."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from infra.settings import Settings
from tests.e2e.browser import browser
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.pipeline import Pipeline
from tidemark.machine import paths

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(bool(paths.IMAGE), reason="the image has no browser"),
]
SOON_MS = 30_000
expect.set_options(timeout=SOON_MS)


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
    with chromium.new_page() as page:
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


def test_the_flow_counts_what_passes(
    pipeline: Pipeline, dashboard: Dashboard, page: Page, symbol: str
) -> None:
    page.goto(f"{dashboard.url}#/flow")

    pipeline.send([{"symbol": symbol, "price": price} for price in ("99", "101")])

    enricher = page.get_by_role("button", name="price-enricher function")
    expect(enricher).to_contain_text("working")


def test_a_page_of_another_name_is_refused(dashboard: Dashboard) -> None:
    answer = httpx.get(
        dashboard.url, headers={"host": f"evil.test:{dashboard.port}"}, trust_env=False
    )

    assert answer.status_code == 421
    assert "script-src 'self'" in answer.headers["content-security-policy"]
