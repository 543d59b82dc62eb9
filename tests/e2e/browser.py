"""Chromium: Debian's, or another one that is installed. Playwright brings none here.

On Debian it is installed, if root runs the tests.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core")
PATIENCE_MS = 180_000

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        # Its sandbox does not work for root.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(
            executable_path=_installed() or _install(),
            args=options,
            timeout=PATIENCE_MS,
        )
        with chromium:
            yield chromium


@contextmanager
def open_page(chromium: Browser, **options: Any) -> Iterator[Page]:
    """A new page, for whose actions a busy machine may take its time."""
    with chromium.new_page(**options) as page:
        page.set_default_timeout(PATIENCE_MS)
        yield page


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@cache
def _install() -> str:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "--no-install-recommends", *PACKAGES]):
            subprocess.run(
                ["apt-get", "-qq", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                check=True,
            )
    installed = _installed()
    assert installed, (
        "the tests of the dashboard need Chromium: install `chromium` (Debian) or "
        "Google Chrome"
    )
    return installed
