"""A process that writes and signs until it is killed: ``loop_writer URL STATE_DIR NUMBER``.

It prints each number once its state and event are committed and covered by a checkpoint.
"""

import itertools
import sys
from pathlib import Path

from service.clock import now
from service.storage import log
from service.storage.database import Database
from service.storage.signer import Signer
from tests.conftest import ORIGIN
from tests.storage.whole_log import an_event, change


def main(url: str, state_dir: Path, first: int) -> None:
    database = Database(url, state_dir)
    signer = Signer.load(state_dir, ORIGIN, now)
    for number in itertools.count(first):
        with database.write() as session:
            change(session, number)
            log.append(session, [an_event(number)], at=now())
        signer.checkpoint(database)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
