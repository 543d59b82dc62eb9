import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse

from tidemark.dashboard.protection import Protected


def get(host: str) -> httpx.Response:
    app = Protected(PlainTextResponse("secret"), 4580)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get("http://127.0.0.1:4580/", headers={"host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["127.0.0.1:4580", "localhost:4580", "LOCALHOST:4580"])
def test_the_server_answers_under_its_own_names(host: str) -> None:
    assert get(host).text == "secret"


@pytest.mark.parametrize(
    "host", ["evil.test:4580", "127.0.0.1", "localhost:80", "", "localhost:4580.evil"]
)
def test_a_page_that_was_rebound_to_this_address_reads_nothing(host: str) -> None:
    answer = get(host)

    assert answer.status_code == 421
    assert "secret" not in answer.text


def test_no_answer_may_run_other_scripts_or_be_embedded() -> None:
    headers = get("localhost:4580").headers

    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'"} <= {*policy}
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
