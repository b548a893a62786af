"""An organisation to copy, and whether this system lets us read the memory of a child."""

import subprocess
import sys

import pytest

from tests.hunt import memory
from tests.notices.conftest import organisation

__all__ = ["organisation", "reads_memory"]


@pytest.fixture(scope="session")
def reads_memory() -> bool:
    """False where the kernel forbids it (Yama, a container's seccomp profile)."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        return memory.may_read(child.pid)
    finally:
        child.communicate(b"\n")
