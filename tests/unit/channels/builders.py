"""Alerts, messages and channels."""

import base64
from typing import Any

from services.channels.alert import Alert
from services.channels.registry import Channel, channel_of
from services.channels.request import Message

NOW_MS = 1_764_108_371_000  # 2025-11-25 22:06:11 UTC
TOKEN = f"123456:{'k' * 35}"
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
DEFINITIONS: dict[str, dict[str, Any]] = {
    "slack": {
        "type": "slack",
        "url": "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
    },
    "discord": {
        "type": "discord",
        "url": "https://discord.com/api/webhooks/1/XXXXXXXX",
    },
    "telegram": {"type": "telegram", "token": TOKEN, "chat_id": "-1001"},
    "webhook": {
        "type": "webhook",
        "url": "https://example.com/hook?key=XXXXXXXX",
        "secrets": [SECRET],
    },
}


def alert(**fields: str) -> Alert:
    given = {
        "alert_id": "9f00",
        "alert_type": "HIGH",
        "symbol": "BTC-USDT",
        "price": "150.2",
        "threshold": "150",
        **fields,
    }
    return Alert({name: text for name, text in given.items() if text})


def message(*alerts: Alert) -> Message:
    return Message(alerts or (alert(),), NOW_MS)


def channel(kind: str, **changed: Any) -> Channel:
    return channel_of({**DEFINITIONS[kind], **changed})
