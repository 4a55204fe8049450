"""Ties a started process to the launcher's own life, so that nothing outlives it, however it
ends.
"""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1

# Loaded before any fork: loading a library between fork and exec can hang.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """For `preexec_fn`: the kernel kills the child when the launcher dies, even of SIGKILL (Linux
    only).
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
