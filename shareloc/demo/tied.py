"""`python -m shareloc.demo.tied COMMAND…`: runs a command that ends with whoever started it, even killed.

Closing a window or killing a test must leave no server behind. Linux only; elsewhere it just runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie() -> None:
    """Have the kernel send SIGTERM to this process, and to what it becomes by exec, when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    tie()
    os.execvp(sys.argv[1], sys.argv[1:])
