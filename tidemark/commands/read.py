"""`tidemark read`: prints how files would be read, and sends nothing.

One canonical JSON tick a line goes to standard output; each problem with its line, and
a summary of each file, go to standard error.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from tidemark.replay.reading.readings import Reading
from tidemark.replay.reading.readings import read as begin
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import given
from tidemark.replay.reading.ticks import Problem, Trade


def command(
    files: Annotated[
        list[str], typer.Argument(help="CSV or JSON, packed or not; - is stdin.")
    ],
) -> None:
    """Print how files would be read, one tick a line; send nothing.

    TIME, PRICE, VOLUME, SIDE and ID name columns, SYMBOL and EXCHANGE a column or a
    constant; ZONE, DATES, DECIMAL, INTERVAL and MARKET say what else a file does not.
    """
    raise typer.Exit(read(files, given(os.environ)))


def read(files: Sequence[str], options: Mapping[str, str]) -> int:
    """Print the ticks of files; `options` are settings such as `{"SYMBOL": "BTC-USD"}`.

    Return 0 if every line was read or left out for a harmless reason, else 1.
    """
    try:
        return _print(begin(files, options))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output has seen enough. Python flushes it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _print(reading: Reading) -> int:
    for item in reading:
        match item:
            case Trade(body=body):
                sys.stdout.write(f"{body}\n")
            case Problem(number=number, reason=reason):
                _name(reading, number, reason)
    sys.stdout.flush()
    for summary in reading.summaries:
        print("\n".join(summary.text()), file=sys.stderr)
    return 0 if reading.is_complete else 1


def _name(reading: Reading, number: int, reason: str) -> None:
    """Name a problem; why a file is not read at all, its summary says."""
    summary = reading.summaries[-1]
    if summary.refusal is None:
        where = f"{summary.label}, line {number}" if number else summary.label
        print(f"{where}: {reason}", file=sys.stderr)
