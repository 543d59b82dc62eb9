"""`localhost` is ::1 for some clients, and 127.0.0.1 for others."""

import socket

import pytest

from tidemark_localstack import loopbacks


def test_with_ipv6_both_loopbacks_are_listened_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loopbacks, "_has_ipv6", lambda: True)

    assert loopbacks.hosts("127.0.0.1") == ["127.0.0.1", "[::1]"]


def test_without_ipv6_only_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "has_ipv6", False)

    assert loopbacks.hosts("127.0.0.1") == ["127.0.0.1"]


def test_where_ipv6_cannot_be_bound_only_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loopbacks, "IPV6", "2001:db8::1")

    assert loopbacks.hosts("127.0.0.1") == ["127.0.0.1"]


def test_another_address_is_listened_on_alone() -> None:
    assert loopbacks.hosts("0.0.0.0") == ["0.0.0.0"]
