"""Have the C library return the memory that LocalStack frees.

glibc gives each thread an arena of its own, up to 16 of them on two processors, and
keeps what is freed between other blocks. LocalStack has some hundred threads, whose
large blocks are the bodies of requests.
"""

import ctypes

# malloc.h
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE_BYTES = 128 * 1024


def return_freed_memory() -> None:
    """Use few arenas, and take each large block from the system and give it back. This
    does nothing where the C library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
