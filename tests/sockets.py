"""Find which processes listen on which addresses, in Linux's /proc."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROC = Path("/proc")
LISTENS = "0A"
needs_proc = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="there is no /proc/net/tcp here"
)


@dataclass(frozen=True, slots=True)
class Listener:
    pid: int
    address: str
    port: int


def listeners() -> list[Listener]:
    """Return the listening TCP sockets of all processes that can be inspected."""
    by_inode = dict(_by_inode())
    return [
        Listener(int(process.name), *by_inode[inode])
        for process in PROC.glob("[0-9]*")
        for inode in _inodes(process)
        if inode in by_inode
    ]


def family(pid: int) -> set[int]:
    """Return the process and its descendants."""
    parents = dict(_parents())
    found: set[int] = set()
    generation = {pid}
    while generation:
        found |= generation
        generation = {
            child for child, parent in parents.items() if parent in generation
        }
    return found


def _by_inode() -> Iterator[tuple[str, tuple[str, int]]]:
    for name, kind in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        table = PROC / "self" / "net" / name
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if fields[3] == LISTENS:
                # Words of four bytes, each in the byte order of the machine.
                words = bytes.fromhex(address)
                packed = b"".join(
                    words[i : i + 4][::-1] for i in range(0, len(words), 4)
                )
                yield fields[9], (socket.inet_ntop(kind, packed), int(port, 16))


def _inodes(process: Path) -> set[str]:
    try:
        links = [*(process / "fd").iterdir()]
    except OSError:
        return set()
    targets = [target for link in links for target in _target(link)]
    return {name[8:-1] for name in targets if name.startswith("socket:[")}


def _target(link: Path) -> list[str]:
    # A process may close a file between the listing and this call.
    try:
        return [str(link.readlink())]
    except OSError:
        return []


def _parents() -> Iterator[tuple[int, int]]:
    for process in PROC.glob("[0-9]*"):
        try:
            status = (process / "stat").read_text()
        except OSError:
            continue
        yield int(process.name), int(status.rpartition(")")[2].split()[1])
