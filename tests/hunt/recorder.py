"""A proxy that keeps every byte between clients and server.

With several targets it is also what stands before several servers: each connection goes to the
next of them.
"""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_PIECE = 65536
_PATIENCE = 30.0  # seconds that a connection may be idle


@dataclass(slots=True)
class Conversation:
    """One connection: what both said, and when each of them took the word."""

    asked: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)
    turns: list[tuple[str, float]] = field(default_factory=list)

    def waits(self) -> list[float]:
        """Seconds from the start of each question to the start of its answer."""
        pairs = zip(self.turns, self.turns[1:], strict=False)
        return [
            later - earlier
            for (who, earlier), (other, later) in pairs
            if (who, other) == ("client", "server")
        ]


@dataclass
class Recorder:
    """The proxy. ``targets`` are ports of this machine."""

    targets: Sequence[int]
    port: int = 0
    conversations: list[Conversation] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, client: socket.socket) -> None:
        """Pass one connection on to the next target, until both have said all."""
        with self.lock:
            target = self.targets[len(self.conversations) % len(self.targets)]
            kept = Conversation()
            self.conversations.append(kept)
        here = ("127.0.0.1", target)
        # Nobody serves: then the client sees a connection that ends.
        with client, suppress(OSError), socket.create_connection(here, timeout=5) as server:
            for each in (client, server):
                each.settimeout(_PATIENCE)
            back = threading.Thread(target=self._pass_on, args=(server, client, kept, False))
            back.start()
            self._pass_on(client, server, kept, True)
            back.join()

    def _pass_on(
        self, source: socket.socket, sink: socket.socket, kept: Conversation, asks: bool
    ) -> None:
        into, who = (kept.asked, "client") if asks else (kept.answered, "server")
        with suppress(OSError):
            while data := source.recv(_PIECE):
                with self.lock:
                    into += data
                    if not kept.turns or kept.turns[-1][0] != who:
                        kept.turns.append((who, time.monotonic()))
                sink.sendall(data)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def streams(self) -> list[bytes]:
        """Both directions of every conversation so far."""
        with self.lock:
            return [bytes(way) for c in self.conversations for way in (c.asked, c.answered)]

    def slowest(self) -> float:
        """The longest that anybody waited for an answer, in seconds."""
        with self.lock:
            return max((wait for c in self.conversations for wait in c.waits()), default=0.0)


@contextmanager
def recording(*targets: int) -> Iterator[Recorder]:
    """Record on a free port of loopback until the block ends."""
    recorder = Recorder(targets=targets)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        recorder.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listener, recorder))
        thread.start()
        try:
            yield recorder
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept
            thread.join()


def _accept(listener: socket.socket, recorder: Recorder) -> None:
    running = []
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            running.append(threading.Thread(target=recorder.take, args=(client,)))
            running[-1].start()
    for thread in running:
        thread.join()
