"""What Slack, Discord and Telegram answer, by their documentation: limits and forms.

https://docs.slack.dev/reference/block-kit/blocks/section-block
https://discord.com/developers/docs/resources/webhook#execute-webhook
https://core.telegram.org/bots/api#sendmessage
"""

import json
from html.parser import HTMLParser
from typing import Any

from tests.channel_servers.server import Answer, Received

TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a"}


def slack(received: Received) -> Answer:
    given = _object(received)
    blocks = given.get("blocks", [])
    if received.headers["content-type"] != "application/json" or not given:
        return Answer(400, "invalid_payload")
    if not given.get("text") and not blocks:
        return Answer(400, "no_text")
    texts = [block["text"]["text"] for block in blocks]
    if len(blocks) > 50 or any(not 1 <= len(text) <= 3000 for text in texts):
        return Answer(400, "invalid_blocks")
    return Answer(200, "ok")


def discord(received: Received) -> Answer:
    given = _object(received)
    content = given.get("content", "")
    if not content:
        return _json(400, message="Cannot send an empty message", code=50006)
    if len(content) > 2000:
        return _json(400, content=["Must be 2000 or fewer in length."])
    return Answer(204, "")


def telegram(received: Received) -> Answer:
    given = _object(received)
    if not received.path.endswith("/sendMessage"):
        return _refused(404, "Not Found")
    text = given.get("text", "")
    if given.get("parse_mode") != "HTML" or not _is_html(text):
        return _refused(400, "Bad Request: can't parse entities")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        return _refused(400, "Bad Request: message is too long")
    return _json(200, ok=True, result={"message_id": 1, "text": text})


class _Entities(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.bad = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.bad |= tag not in TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.bad |= not self.open or self.open.pop() != tag

    def handle_entityref(self, name: str) -> None:
        self.bad |= name not in ("amp", "lt", "gt", "quot")


def _is_html(text: str) -> bool:
    entities = _Entities()
    entities.feed(text)
    entities.close()
    return not entities.bad and not entities.open


def _object(received: Received) -> dict[str, Any]:
    given = received.json
    return given if isinstance(given, dict) else {}


def _refused(status: int, description: str) -> Answer:
    return _json(status, ok=False, error_code=status, description=description)


def _json(status: int, **content: Any) -> Answer:
    return Answer(status, json.dumps(content), {"content-type": "application/json"})


SERVICES = {"slack": slack, "discord": discord, "telegram": telegram}
