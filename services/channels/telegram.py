"""A Telegram chat, by a bot.

https://core.telegram.org/bots/api#sendmessage
"""

import html
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar, Self

from services.channels import fields
from services.channels.answer import Answer, Result, judge
from services.channels.fields import Definition
from services.channels.request import Message, Request
from services.channels.service_json import object_of, parsed
from services.channels.wording import Markup, lines

LONGEST_TEXT = 4096
API = "https://api.telegram.org"
TOKEN = r"\d{1,20}:[A-Za-z0-9_-]{30,100}"
CHAT = r"-?\d{1,20}|@[A-Za-z0-9_]{5,32}"


def code(text: str) -> str:
    """The text as code, in which Telegram finds no mention, link or command."""
    return f"<code>{html.escape(text, quote=False)}</code>"


MARKUP = Markup(name=code, bold=lambda text: f"<b>{text}</b>")


@dataclass(frozen=True, slots=True)
class Telegram:
    """The token is the secret: who has it is the bot. `api_url` is Telegram's own, or a
    Bot API server that somebody runs.
    """

    token: str = field(repr=False)
    chat_id: str
    api_url: str = API

    FIELDS: ClassVar[tuple[str, ...]] = ("token", "chat_id", "api_url")
    one_message: ClassVar[bool] = True
    most_bytes: ClassVar[int] = 200 * 1024

    @classmethod
    def of(cls, given: Definition, *, test_hosts: Collection[str]) -> Self:
        """Raise `InvalidValue`."""
        accepted = "the https URL of a Bot API server"
        api = {"api_url": API, **given}
        return cls(
            fields.text_of(
                given, "token", TOKEN, "a bot's token such as 123456:ABC-DEF…"
            ),
            fields.text_of(
                given, "chat_id", CHAT, "a chat's id such as -1001234 or @channel"
            ),
            fields.url_of(
                api, "api_url", accepted=accepted, test_hosts=test_hosts
            ).rstrip("/"),
        )

    @property
    def host(self) -> str:
        return fields.host_of(self.api_url)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token, self.token.partition(":")[2])

    def request(self, message: Message, *, now_ms: int) -> Request:
        paragraphs = lines(message.alerts, MARKUP, now_ms=now_ms, room=LONGEST_TEXT)
        body = {
            "chat_id": self.chat_id,
            "text": "\n".join(paragraphs),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        url = f"{self.api_url}/bot{self.token}/sendMessage"
        return Request(url, json.dumps(body).encode())

    def read(self, answer: Answer, *, now_ms: int) -> Result:
        said = parsed(answer.body)
        details = object_of(said, "parameters")
        words = said.get("description", "")
        if moved := details.get("migrate_to_chat_id"):
            words = f"{words} (its chat_id is now {moved})"
        if 200 <= answer.status < 300 and said.get("ok") is True:
            words = ""  # the message itself, which nobody needs to read again
        return judge(
            answer,
            now_ms=now_ms,
            words=words if isinstance(words, str) else None,
            wait_s=details.get("retry_after"),
        )
