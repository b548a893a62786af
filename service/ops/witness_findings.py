"""What is wrong with the witnesses of the log, from what the worker has written down of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from crypto.note import NoteVerifier
from service.config import Settings
from service.ops.finding import Finding
from service.storage import log, witnesses
from service.storage.database import Database
from service.storage.witnesses import REFUSES, SILENT, Standing
from service.usecases.witnessing import FRESH, LONGEST_WAIT, PATIENCE
from service.witnesses.known import FILE, KnownWitness, WitnessFileError, read_witnesses

# What each refusal means; whatever else a witness answers is its code alone.
_MEANS = {
    "log-rewound": "it has cosigned more entries than the log has. An older database was restored",
    "not-continued": "it has cosigned another history of this log. Entries were changed",
    "log-not-known": (
        "it does not know this log: its operator must start it with '--log' and our key"
    ),
    "key-not-trusted": "it has another key for this log",
    "bad-cosignature": "its answer is not signed by the key in the file",
}


def witness_findings(database: Database, read: Settings, now: datetime) -> Iterator[Finding]:
    """Who refuses the log, and who has not been heard of."""
    with database.read() as session:
        log_key = NoteVerifier.from_vkey(log.head(session).verifier_key)
        try:
            known = read_witnesses(read.state_dir, log_key)
        except WitnessFileError as error:
            yield Finding(code="witness-file", message=str(error))
            return
        standings = [(one, witnesses.standing(session, one.verifier.vkey)) for one in known]
        earlier = [] if (read.state_dir / FILE).exists() else witnesses.heard(session)
    if earlier:
        yield _forgotten(earlier)
    for witness, standing in standings:
        yield from _of(witness, standing, int(now.timestamp()))


def _of(witness: KnownWitness, standing: Standing, now: int) -> Iterator[Finding]:
    named = f"the witness {witness.verifier.name}"
    if standing.trouble == REFUSES:
        why = _MEANS.get(standing.fault, standing.fault)
        yield Finding(
            code="witness-refuses",
            message=f"{named} has refused the log since {_when(standing.since)}: {why}. Tell the "
            "auditor before you change anything",
        )
    elif standing.trouble == SILENT and now - standing.since >= PATIENCE.total_seconds():
        yield Finding(
            code="witness-silent",
            message=f"{named} has given no cosignature since {_when(standing.since)} "
            f"({standing.fault}): ask its operator, or correct its address in {FILE}",
        )
    elif (
        not standing.trouble and now - standing.cosigned_at > (FRESH + LONGEST_WAIT).total_seconds()
    ):
        last = f"since {_when(standing.cosigned_at)}" if standing.cosigned_at else "yet"
        yield Finding(
            code="witness-silent",
            message=f"{named} has not been asked {last}: is the service running, and was it "
            f"restarted after {FILE} was changed?",
        )


def _forgotten(keys: Sequence[str]) -> Finding:
    names = ", ".join(key.partition("+")[0] for key in keys)
    return Finding(
        code="witness-forgotten",
        message=f"{names} cosigned this log, but {FILE} is gone. No backup contains it: write it "
        "again, or an empty one if there should be no witness",
    )


def _when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
