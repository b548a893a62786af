"""An object with conditional writes, in memory: for races, which no server in a test decides."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class FakeStore:
    """As ``S3Object``. ``fault`` is raised by every call, ``late`` after the write was done."""

    name: str = "s3://guards/log"
    data: bytes | None = None
    fault: OSError | None = None
    late: OSError | None = None
    calls: list[str] = field(default_factory=list)
    written: list[bytes] = field(default_factory=list)
    _tag: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> tuple[bytes, str] | None:
        self.calls.append("get")
        if self.fault:
            raise self.fault
        with self._lock:
            return None if self.data is None else (self.data, str(self._tag))

    def put(self, data: bytes, tag: str | None) -> str | None:
        self.calls.append("put")
        if self.fault:
            raise self.fault
        time.sleep(0.001)  # others come between
        with self._lock:
            current = None if self.data is None else str(self._tag)
            if tag != current:
                return None
            self.data = data
            self._tag += 1
            self.written.append(data)
            if self.late:
                raise self.late
            return str(self._tag)
