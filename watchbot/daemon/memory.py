"""Memory that is no longer needed goes back to the system.

glibc keeps what large bodies left behind in an area for each thread, and takes ever larger pieces for small ones: after
a few dozen feeds of ten megabytes a daemon held three times what it used.
"""

import contextlib
import ctypes
import gc

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 64 * 1024
_ARENAS = 2


def give_back() -> None:
    """From now on a large piece is its own, and goes when it is freed. Does nothing where there is no glibc."""
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)
        mallopt(_ARENA_MAX, _ARENAS)


def settle() -> None:
    """What was built so far stays for good: the collector need not walk through it a tenth of a second each time."""
    gc.collect()
    gc.freeze()
