"""Look at the entries of the dead-letter queues, send them back, or drop them."""

import time
from collections import Counter
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import OUTPUTS, Choice, Entry
from tidemark.dead_letters.queues import DeadLetterQueue, Reading
from tidemark.dead_letters.record import Record
from tidemark.dead_letters.returning import Destinations
from tidemark.machine import make_variables
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress

LONG_POLL_S = 1


@dataclass(slots=True)
class Done:
    """How many entries were acted on, and why others cannot be sent back."""

    count: int = 0
    obstacles: Counter[str] = field(default_factory=Counter)

    def lines(self, verb: str) -> list[str]:
        """For people."""
        obstacles = self.obstacles.items()
        return [
            f"{verb}: {self.count:,}.",
            *(f"Cannot be sent back: {n:,}, because {why}." for why, n in obstacles),
        ]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The dead-letter queues of one environment, and which entries are chosen."""

    deployed: Deployed
    choice: Choice
    progress: Progress

    def look(self) -> list[Entry]:
        """The chosen entries, oldest first; none is consumed."""
        found = [entry for _, entry in self._chosen("Reading")]
        return sorted(found, key=lambda entry: entry.sent_ms)

    def send_back(self, *, rate: float) -> Done:
        """Send the chosen entries back, at most `rate` a second."""
        done, destinations = Done(), Destinations(self.deployed)
        with closing(self._chosen("Sending back from")) as chosen:
            for reading, entry in chosen:
                if why := destinations.obstacle(entry):
                    done.obstacles[why] += 1
                    continue
                _send(destinations, entry)
                self._record.add("sent back", entry)
                reading.remove(entry)
                done.count += 1
                time.sleep(1 / rate)
        return done

    def drop(self) -> Done:
        """Delete the chosen entries; the record keeps them."""
        done = Done()
        with closing(self._chosen("Dropping from")) as chosen:
            for reading, entry in chosen:
                self._record.add("dropped", entry)
                reading.remove(entry)
                done.count += 1
        return done

    def would_send(self, entries: list[Entry]) -> Done:
        """How many of the entries would be sent back, and why others cannot be."""
        destinations = Destinations(self.deployed)
        whys = [destinations.obstacle(entry) for entry in entries]
        return Done(whys.count(""), Counter(why for why in whys if why))

    @property
    def _record(self) -> Record:
        return Record.of(self.deployed.home)

    def _chosen(self, doing: str) -> Generator[tuple[Reading, Entry]]:
        for queue in queues(self.deployed, self.choice.queue):
            total = queue.count()
            with (
                self.progress.step(f"{doing} {queue.name}") as step,
                queue.reading() as reading,
            ):
                for entry in reading.entries():
                    step.update(reading.received, max(total, reading.received))
                    if self.choice.takes(entry):
                        yield reading, entry


def queues(deployed: Deployed, name: str = "") -> list[DeadLetterQueue]:
    """The queue of that name, or all of them. Raises `ToolError`."""
    if name and name not in OUTPUTS:
        named = make_variables.option("queue", name)
        raise ToolError(f"{named}: expected one of {', '.join(OUTPUTS)}")
    outputs, sqs = deployed.outputs, deployed.clients.sqs
    wait_s = LONG_POLL_S if deployed.on_aws else 0
    return [
        DeadLetterQueue(sqs, queue, outputs[output], wait_s)
        for queue, output in OUTPUTS.items()
        # One that was deployed by an older version has fewer.
        if name in ("", queue) and output in outputs
    ]


def _send(destinations: Destinations, entry: Entry) -> None:
    try:
        destinations.send(entry)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(
            f"{entry.id} was not sent back and is still in {entry.queue}: {error}. The "
            "entries before it were; the same command continues."
        ) from error
