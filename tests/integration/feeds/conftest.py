from collections.abc import Iterator

import pytest

from tests.integration.feeds import webhook
from tidemark.feeds.transfer import connection, run, sender


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[webhook.Server]:
    """The webhook, and a feed that does not wait long between its attempts. A test that
    waits until the feed gives up sets its own `PATIENCE_S`.
    """
    monkeypatch.setattr(connection, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(connection, "PACE_S", 0)
    monkeypatch.setattr(sender, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(sender, "LONGEST_PAUSE_S", 0.05)
    monkeypatch.setattr(run, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(run, "PATIENCE_S", 60)
    with webhook.server() as made:
        yield made
