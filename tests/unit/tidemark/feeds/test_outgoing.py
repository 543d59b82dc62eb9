from typing import Any

from tidemark.feeds.transfer.outgoing import MOST_WAITING, Outgoing


def test_a_venue_that_reads_nothing_gets_a_bounded_number_of_messages() -> None:
    unread: Any = None
    outgoing = Outgoing(unread)

    for number in range(MOST_WAITING + 5):
        outgoing.say({"pong": number})

    assert outgoing.waiting.qsize() == MOST_WAITING
    assert outgoing.waiting.get_nowait() == '{"pong":0}'
