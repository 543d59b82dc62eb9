"""A Discord channel, by a webhook.

https://discord.com/developers/docs/resources/webhook#execute-webhook
"""

import json
import re

from services.channels.answer import Answer, Result, judge
from services.channels.request import Message, Request
from services.channels.secret_url import SecretUrl
from services.channels.service_json import parsed
from services.channels.wording import Markup, lines

LONGEST_CONTENT = 2000
SUPPRESS_EMBEDS = 1 << 2
# What formats anywhere in a line; names never begin one.
_SPECIAL = re.compile(r"([\\*_~`|<>#@:\[\]])")


def escape(text: str) -> str:
    """The text without formatting, mentions, links and emoji."""
    return _SPECIAL.sub(r"\\\1", text)


MARKUP = Markup(name=escape, bold=lambda text: f"**{text}**")


class Discord(SecretUrl):
    """A webhook of a channel."""

    HOSTS = ("discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com")
    ACCEPTED = "https://discord.com/api/webhooks/…, a webhook's URL"

    def request(self, message: Message, *, now_ms: int) -> Request:
        paragraphs = lines(message.alerts, MARKUP, now_ms=now_ms, room=LONGEST_CONTENT)
        body = {
            "content": "\n".join(paragraphs),
            "allowed_mentions": {"parse": []},
            "flags": SUPPRESS_EMBEDS,
        }
        return Request(self.url, json.dumps(body).encode())

    def read(self, answer: Answer, *, now_ms: int) -> Result:
        said = parsed(answer.body)
        words = said.get("message")
        return judge(
            answer,
            now_ms=now_ms,
            words=words if isinstance(words, str) else None,
            wait_s=said.get("retry_after"),
        )
