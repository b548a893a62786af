"""Whether this system lets a process read its child's memory, which the hunt depends on."""

import subprocess
import sys

import pytest

from tests.hunt import memory


@pytest.fixture(scope="session")
def reads_memory() -> bool:
    """False where the kernel forbids it (Yama, a container's seccomp profile)."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        return memory.may_read(child.pid)
    finally:
        child.communicate(b"\n")
