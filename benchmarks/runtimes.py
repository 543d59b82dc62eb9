"""The two runtimes side by side, in one run: `python3 benchmarks/runtimes.py`.

In a fresh clone, where an engine answers and nothing runs on LOCALSTACK_PORT. Prints
the table of docs/performance.md. Memory is what the local cloud's processes hold after
the demo, shared pages counted by share, so that it means the same for both.
"""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORT = os.environ.get("LOCALSTACK_PORT", "4566")
ID = ["docker", "ps", "--quiet", f"--filter=label=tidemark.port={PORT}"]
START_ON_THE_HOST = (
    f"from tidemark.local_cloud import choice; choice.at({PORT}).start()"
)
IMAGES = ("tidemark-localstack", "tidemark-tool")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main() -> None:
    columns = [measured("host"), measured("docker")]
    print("| | host | containers |\n|---|---|---|")
    for name in columns[0]:
        print("|", " | ".join([name, *(column[name] for column in columns)]), "|")
    for image in IMAGES:
        print(f"\n{image}: {image_size(image):.0f} MB")


def measured(runtime: str) -> dict[str, str]:
    os.environ["TIDEMARK_RUNTIME"] = runtime
    first = seconds(lambda: make("up"))
    make("down")
    start = seconds(STARTS[runtime])
    make("down")
    again = seconds(lambda: make("up"))
    demo = seconds(lambda: make("demo"))
    memory = sum(map(held_mb, family(LEADERS[runtime]())))
    make("down")
    return {
        "`make up` in a fresh clone": f"{first:.0f} s",
        "the local cloud alone, until it answers": f"{start:.1f} s",
        "`make up`, all installed, empty cloud": f"{again:.0f} s",
        "`make demo` after that": f"{demo:.0f} s",
        "memory of the local cloud after the demo": f"{memory:.0f} MB",
    }


def seconds(work: Callable[[], object]) -> float:
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def make(target: str) -> None:
    run(["make", target])


def run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode().strip()


def start_on_the_host() -> None:
    run([".venv/bin/python", "-c", START_ON_THE_HOST])


def start_in_a_container() -> None:
    new = subprocess.run(["docker", "compose", "version"], capture_output=True)
    compose = ["docker-compose"] if new.returncode else ["docker", "compose"]
    os.environ["TIDEMARK_SOURCES"] = tag()
    run([*compose, "up", "--detach", "localstack"])
    while not answers():
        time.sleep(0.1)


def answers() -> bool:
    try:
        DIRECT.open(f"http://127.0.0.1:{PORT}/_localstack/info", timeout=5)
    except OSError:
        return False
    return True


def process_on_the_host() -> int:
    record = ROOT / ".tidemark" / "local" / PORT / "cloud.json"
    return int(json.loads(record.read_text())["pid"])


def process_in_a_container() -> int:
    return int(run(["docker", "inspect", "--format={{.State.Pid}}", run(ID)]))


def family(leader: int) -> list[int]:
    tasks = Path(f"/proc/{leader}/task").glob("*/children")
    children = [int(pid) for task in tasks for pid in task.read_text().split()]
    return [leader, *(pid for child in children for pid in family(child))]


def held_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    [line] = [line for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1]) / 1024


def image_size(image: str) -> float:
    tagged = f"{image}:{tag()}"
    return int(run(["docker", "image", "inspect", "--format={{.Size}}", tagged])) / 1e6


def tag() -> str:
    ours = f"--filter=label=tidemark.checkout={ROOT}"
    return run(["docker", "image", "ls", ours, "--format={{.Tag}}", IMAGES[0]])


STARTS = {"host": start_on_the_host, "docker": start_in_a_container}
LEADERS = {"host": process_on_the_host, "docker": process_in_a_container}

if __name__ == "__main__":
    main()
