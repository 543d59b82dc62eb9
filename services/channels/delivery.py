"""One attempt to deliver a message to a channel."""

from dataclasses import replace

from services.channels.answer import Outcome, Result, told
from services.channels.registry import Channel
from services.channels.request import Message
from services.channels.sender import Sender, Unreachable


def deliver(
    channel: Channel, message: Message, sender: Sender, *, now_ms: int
) -> Result:
    """Send the message; the reason in the result contains none of the secrets."""
    try:
        answer = sender.send(channel.request(message, now_ms=now_ms))
        result = channel.read(answer, now_ms=now_ms)
    except Unreachable as error:
        outcome = Outcome.GIVEN_UP if error.permanent else Outcome.RETRY
        result = Result(outcome, error.reason)
    return replace(result, reason=told(result.reason, channel.secrets))
