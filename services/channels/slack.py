"""A Slack channel, by an incoming webhook.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
https://docs.slack.dev/messaging/formatting-message-text
"""

import json

from services.channels.answer import Answer, Result, judge
from services.channels.request import Message, Request
from services.channels.secret_url import SecretUrl
from services.channels.wording import Markup, headline, lines

MOST_BLOCKS, LONGEST_TEXT = 50, 3000
BACKTICK = "\u02cb"  # looks like the one that would end the code


def escape(text: str) -> str:
    """The text for mrkdwn: no mention, link or entity remains."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str) -> str:
    """The text as code, in which Slack reads no formatting and no emoji."""
    return f"`{escape(text).replace('`', BACKTICK)}`"


MARKUP = Markup(name=code, bold=lambda text: f"*{text}*")


class Slack(SecretUrl):
    """A webhook of a channel."""

    HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
    ACCEPTED = "https://hooks.slack.com/services/…, an incoming webhook's URL"

    def request(self, message: Message, *, now_ms: int) -> Request:
        first, *others = message.alerts
        text = headline(first, escape)
        blocks = lines(
            message.alerts,
            MARKUP,
            now_ms=now_ms,
            room=MOST_BLOCKS * LONGEST_TEXT,
            most=MOST_BLOCKS - 2,
        )
        body = {
            "text": f"{text} and {len(others)} more" if others else text,
            "blocks": [_section(block) for block in blocks],
        }
        return Request(self.url, json.dumps(body).encode())

    def read(self, answer: Answer, *, now_ms: int) -> Result:
        return judge(answer, now_ms=now_ms)


def _section(text: str) -> dict[str, object]:
    # Verbatim: Slack links no URL, channel or person that the text seems to name.
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": text, "verbatim": True},
    }
