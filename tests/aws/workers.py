"""Workers that begin at the same moment."""

import threading
from collections.abc import Callable

WORKERS = 4


def work_at_once(turn: Callable[[], int]) -> None:
    """Let four threads take turns until nothing is left to do; whatever goes wrong is raised."""
    together = threading.Barrier(WORKERS)
    faults: list[BaseException] = []

    def work() -> None:
        together.wait()
        try:
            while turn():
                pass
        except BaseException as fault:  # noqa: BLE001  # shown below
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not faults
