"""The channels of the environment under test: all of them lead to one local server."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.channel_servers.server import ChannelServer, Received
from tests.e2e.eventually import eventually
from tests.e2e.identifiers import new_id
from tests.e2e.pipeline import Pipeline

KEY = uuid4().hex
SIGNING_SECRET = "whsec_" + base64.b64encode(uuid4().bytes * 2).decode()
TOKEN = f"123456789:{uuid4().hex}{uuid4().hex}"
SECRETS = (KEY, SIGNING_SECRET.removeprefix("whsec_"), TOKEN.partition(":")[2])
PROGRAMS = ("program", "third", "limited", "hangs", "closes", "gone", "burst")


def definitions(server: ChannelServer) -> dict[str, dict[str, Any]]:
    """A channel of each type, and programs that each behave in a way of their own."""
    return {
        "desk": {"type": "slack", "url": server.url(f"desk/services/T/B/{KEY}")},
        "chat": {"type": "discord", "url": server.url(f"chat/api/webhooks/1/{KEY}")},
        "phone": {
            "type": "telegram",
            "token": TOKEN,
            "chat_id": "-1001",
            "api_url": server.url("phone"),
        },
        **{
            name: {
                "type": "webhook",
                "url": server.url(f"{name}?key={KEY}"),
                "secrets": [SIGNING_SECRET],
            }
            for name in PROGRAMS
        },
    }


@dataclass(frozen=True, slots=True)
class Alerts:
    """Publishes alerts as data-processor does."""

    pipeline: Pipeline
    server: ChannelServer

    def publish(
        self, *channels: str, stale: str = "false", symbol: str = "", count: int = 1
    ) -> list[str]:
        """Publish alerts for these channels in one call; return their ids."""
        ids = [new_id() for _ in range(count)]
        self.pipeline.clients("sns").publish_batch(
            TopicArn=self.pipeline.outputs["trading_alerts_topic_arn"],
            PublishBatchRequestEntries=[
                {
                    "Id": str(n),
                    "Message": json.dumps(body(id_, symbol or id_, channels)),
                    "MessageAttributes": {
                        "stale": {"DataType": "String", "StringValue": stale}
                    },
                }
                for n, id_ in enumerate(ids)
            ],
        )
        return ids

    def await_channels(self) -> None:
        """Wait until notifier has read the channels, which takes it up to a minute."""
        ids: list[str] = []
        eventually(lambda: self._reaches("program", ids))

    def _reaches(self, name: str, ids: list[str]) -> bool:
        """Publish one more alert; return True if any of them has arrived."""
        ids += self.publish(name)
        try:
            eventually(lambda: self._has_arrived(name, ids), timeout=10)
        except AssertionError:
            return False
        return True

    def _has_arrived(self, name: str, ids: list[str]) -> bool:
        accepted = texts(self.server.accepted(name))
        return any(id_ in accepted for id_ in ids)


def body(id_: str, symbol: str, channels: tuple[str, ...]) -> dict[str, Any]:
    return {
        "alert_id": id_,
        "symbol": symbol,
        "alert_type": "HIGH",
        "price": "150.2",
        "threshold": "150",
        **({"channels": [*channels]} if channels else {}),
    }


def texts(received: list[Received]) -> str:
    return "\n".join(each.body.decode() for each in received)


def times_accepted(server: ChannelServer, text: str) -> Mapping[str, int]:
    """How often the text was accepted, by the name of the channel."""
    return {
        name: sum(text in each.body.decode() for each in server.accepted(name))
        for name in ("desk", "chat", "phone", *PROGRAMS)
    }


def dead_letters(pipeline: Pipeline, text: str) -> Iterator[Any]:
    for message in pipeline.mailboxes["notifications_dlq"].find(text):
        yield message.json
