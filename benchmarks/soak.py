"""Send many ticks through the local cloud, verify each, and watch the memory.

    ALERT_MODE=every make up
    bin/tidemark python -m benchmarks.soak                 # 100,000 ticks
    QUICK=1 bin/tidemark python -m benchmarks.soak         # 5,000
    TICKS=300000 bin/tidemark python -m benchmarks.soak

5 % of the ticks are sent twice, and 5 % late, after up to 2,000 later ones. In the end
each tick has one row with exact values, and each tick beyond a mark one published
alert. Each line shows the resident memory in MB of each process of the local cloud.
"""

import json
import os
import random
import secrets
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any

import httpx

from infra.settings import load_settings
from tidemark import marks
from tidemark.chaos import values
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.stored import tables

QUICK = "QUICK" in os.environ
TICKS = int(os.environ.get("TICKS", "5000" if QUICK else "100000"))
SYMBOLS, PER_REQUEST, AT_ONCE = 20, 100, 4
TWICE, LATE, LATEST = 0.05, 0.05, 2000
EVERY_S = 2.0 if QUICK else 15.0
PATIENCE_S = 120.0
ATTEMPTS = 10
COMMAND = b"tidemark_localstack"
FUNCTION = b"AWS_LAMBDA_FUNCTION_NAME="
MB = 1024 * 1024

type Tick = dict[str, Any]
type Sizes = dict[str, float]


def made(run: str) -> list[Tick]:
    """Ticks of several symbols, a millisecond apart, one in fifty beyond a mark."""
    start_ms = time.time_ns() // 1_000_000 - TICKS - 60_000
    dice = random.Random(run)
    return [
        {
            "symbol": f"SOAK-{run}-{number % SYMBOLS}",
            "price": str(Decimal(dice.randint(5100, 14900)).scaleb(-2))
            if number % 50
            else "200",
            "timestamp": start_ms + number,
            "trade_id": number,
        }
        for number in range(TICKS)
    ]


def shuffled(ticks: list[Tick], run: str) -> list[Tick]:
    """As they are sent: some twice, some late."""
    dice = random.Random(run)
    places: list[tuple[float, Tick]] = []
    for place, tick in enumerate(ticks):
        late = dice.randint(1, LATEST) if dice.random() < LATE else 0
        places.append((place + late, tick))
        if dice.random() < TWICE:
            places.append((place + dice.randint(0, LATEST), tick))
    return [tick for _, tick in sorted(places, key=lambda each: each[0])]


def send(deployed: Deployed, ticks: Iterable[Tick]) -> None:
    """Post all ticks, several requests at a time, again where the cloud is busy."""
    outputs = deployed.outputs
    headers = {
        "x-api-key": outputs["webhook_api_key"],
        "content-type": "application/json",
    }
    with (
        httpx.Client(headers=headers, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(AT_ONCE) as workers,
    ):

        def post(batch: tuple[Tick, ...]) -> None:
            for attempt in range(ATTEMPTS):
                answer = client.post(
                    f"{outputs['webhook_url']}/soak", content=json.dumps(batch)
                )
                if answer.status_code == 202:
                    return
                time.sleep(random.uniform(0, 2**attempt / 4))
            answer.raise_for_status()

        list(workers.map(post, batched(ticks, PER_REQUEST, strict=False)))


@dataclass
class Memory:
    """Samples of the processes' memory, by name, in a thread of its own."""

    port: int
    rows: list[tuple[float, Sizes]] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Print a line for each sample, until `end`."""
        begin = time.monotonic()
        while not self._end.wait(EVERY_S if self.rows else 0):
            self.rows.append((time.monotonic() - begin, sizes(self.port)))
            at, now = self.rows[-1]
            cells = "  ".join(f"{name} {mb:.0f}" for name, mb in sorted(now.items()))
            print(f"{at:7.0f} s  {cells}", flush=True)

    def end(self) -> None:
        self._end.set()

    def growth(self) -> Iterator[str]:
        """Each process in the middle and at the end, when all is warm."""
        middle, last = self.rows[len(self.rows) // 2][1], self.rows[-1][1]
        for name in sorted(middle.keys() & last.keys()):
            change = last[name] - middle[name]
            yield f"{name}: {middle[name]:.0f} → {last[name]:.0f} MB ({change:+.0f})"


def sizes(port: int) -> Sizes:
    """The resident memory of the local cloud's processes, by name."""
    found: dict[str, list[float]] = defaultdict(list)
    parents = {pid: parent(pid) for pid in pids()}
    cloud = {pid for pid in parents if is_cloud(pid, port)}
    for pid in parents:
        if pid in cloud or parents[pid] in cloud or in_tree(pid, parents, cloud):
            found[name_of(pid, cloud)].append(resident_mb(pid))
    return {
        f"{name} x{len(each)}" if len(each) > 1 else name: sum(each) / len(each)
        for name, each in found.items()
        if name
    }


def in_tree(pid: int, parents: dict[int, int], cloud: set[int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid in cloud:
            return True
    return False


def pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def is_cloud(pid: int, port: int) -> bool:
    command = content(pid, "cmdline").split(b"\0")
    return COMMAND in command and str(port).encode() in command


def name_of(pid: int, cloud: set[int]) -> str:
    if pid in cloud:
        return "localstack"
    for variable in content(pid, "environ").split(b"\0"):
        if variable.startswith(FUNCTION):
            return variable.removeprefix(FUNCTION).decode()
    return "dynamodb-local" if b"LoopbackServer" in content(pid, "cmdline") else ""


def content(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def resident_mb(pid: int) -> float:
    fields = content(pid, "statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / MB if fields else 0


def rows(deployed: Deployed, table: str, ticks: list[Tick]) -> dict[str, list[Any]]:
    dynamodb = deployed.clients.dynamodb
    symbols = sorted({tick["symbol"] for tick in ticks})
    return {each: list(tables.query(dynamodb, table, each)) for each in symbols}


def settle(deployed: Deployed, ticks: list[Tick]) -> None:
    """Wait until nothing changes any more for a while, or all is there."""
    due = sum(tick["price"] == "200" for tick in ticks)
    before, since = Counter[str](), time.monotonic()
    while time.monotonic() - since < PATIENCE_S:
        stored = rows(deployed, deployed.prices_table, ticks).values()
        told = rows(deployed, deployed.alerts_table, ticks).values()
        now = Counter(
            enriched=sum("enriched" in row for each in stored for row in each),
            told=sum("notified_at" in row for each in told for row in each),
        )
        if now["enriched"] >= len(ticks) and now["told"] >= due:
            return
        if now != before:
            print(f"{now['enriched']:,} enriched, {now['told']:,} alerts published")
            before, since = now, time.monotonic()
        time.sleep(5)


def problems(deployed: Deployed, ticks: list[Tick], window: int) -> list[str]:
    """What is missing, wrong or too much."""
    stored = rows(deployed, deployed.prices_table, ticks)
    told = rows(deployed, deployed.alerts_table, ticks)
    ids = Counter(row["trade_id"] for each in stored.values() for row in each)
    due = {str(tick["trade_id"]) for tick in ticks if tick["price"] == "200"}
    alerts = [row for each in told.values() for row in each]
    checks = {
        "ticks missing": len({str(t["trade_id"]) for t in ticks} - ids.keys()),
        "ticks stored more than once": sum(count > 1 for count in ids.values()),
        "ticks with wrong values": sum(
            len(values.wrong(each, window)) for each in stored.values()
        ),
        "alerts missing or too many": abs(len(alerts) - len(due)),
        "alerts not published": sum("notified_at" not in row for row in alerts),
    }
    return [f"{count:,} {what}" for what, count in checks.items() if count]


def main() -> int:
    settings = load_settings()
    environment = Environment(settings)
    deployed = Deployed.of(environment)
    band = marks.of(settings).of("SOAK")
    if (band.high, band.low) != (Decimal(150), Decimal(50)):
        sys.exit("The soak needs the default marks, 150 and 50.")
    if settings.alert_mode != "every":
        sys.exit("The soak expects an alert for each tick: set ALERT_MODE=every.")
    run = secrets.token_hex(3).upper()
    ticks = made(run)
    sent = shuffled(ticks, run)
    memory = Memory(settings.localstack_port)
    watcher = threading.Thread(target=memory.watch, daemon=True)
    print(f"{len(ticks):,} ticks in {len(sent):,} deliveries")
    watcher.start()
    begin = time.monotonic()
    send(deployed, sent)
    accepted = time.monotonic() - begin
    settle(deployed, ticks)
    total = time.monotonic() - begin
    memory.end()
    watcher.join()
    found = problems(deployed, ticks, settings.volatility_window)
    print(*memory.growth(), sep="\n")
    print(f"Accepted in {accepted:.0f} s, done in {total:.0f} s: ", end="")
    print(f"{len(ticks) / total:,.0f} ticks a second.")
    print(*(found or ["Exact: each tick once, each value, each alert."]), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
