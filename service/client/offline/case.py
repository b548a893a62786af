"""The case of an offline release: what was signed, in a file before anything is shown.

It must be imported later, so there is one for each request: who gives the same command once more
(to have the password shown, or with a further decision) goes on with the release signed before.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from crypto.statement import Statement
from service.client.cli.signing import as_signed
from service.client.device.newfile import check_new, packed, replace_private
from service.client.foundation.errors import ClientRefusal
from service.client.offline.files import read_shape, write_shape
from service.client.trust.request import VerifiedRequest, verify_decision, verify_word
from service.client.trust.statements import read
from service.wire.base import Dsse
from service.wire.offline import OfflineCase, OfflineDecision
from service.wire.requests import OfflineImport


def earlier(path: Path, about: VerifiedRequest) -> OfflineImport | None:
    """Return the case of this very request that an earlier try has left, or None.

    Raises:
        ClientRefusal: ``file-exists``: something else is there; ``file``: none can be written.
    """
    if not os.path.lexists(path):
        check_new(path)
        return None
    try:
        case = read_shape(path, OfflineCase).case
        if read(case.request, "request").raw != about.statement.raw:
            raise _taken(path, "is the case of another request")
        if case.release is None:
            raise _taken(path, "is a case without a release")
        verify_word(case.release, "release", about)
        for decision in case.decisions:
            verify_decision(decision, about, seq=0, at=about.request.entered_at)
    except ClientRefusal as refused:
        if refused.code == "file-exists":
            raise
        raise _taken(path, f"is no case to go on with: {refused.message}") from None
    return case


def released_before(case: OfflineImport) -> Statement:
    """Return the release in a case that ``earlier`` has returned.

    Raises:
        ClientRefusal: ``malformed-statement``.
    """
    if case.release is None:
        raise ClientRefusal("malformed-statement", "the case has no release")
    return read(case.release, "release")


def keep(
    path: Path,
    before: OfflineImport | None,
    asked: Dsse,
    given: Sequence[OfflineDecision],
    release: Statement,
) -> None:
    """Keep what opens the password; decisions that only an earlier try had stay in it.

    Raises:
        ClientRefusal: ``file-exists``, ``file``.
    """
    decisions = [item.decision for item in given]
    deciding = {_custodian(decision) for decision in decisions}
    kept = before.decisions if before else []
    decisions += [decision for decision in kept if _custodian(decision) not in deciding]
    case = OfflineCase(
        format="breakglass-offline-case/1",
        case=OfflineImport(request=asked, decisions=decisions, release=as_signed(release)),
    )
    if before is None:
        write_shape(path, case)
    elif set(map(_raw, before.decisions)) != set(map(_raw, decisions)):
        replace_private(path, packed(case))


def _custodian(decision: Dsse) -> str:
    custodian: str = read(decision, "decision").payload["custodian"]
    return custodian


def _raw(decision: Dsse) -> str:
    return decision.model_dump_json()


def _taken(path: Path, what: str) -> ClientRefusal:
    return ClientRefusal(
        "file-exists", f"{path} {what}", "nothing is overwritten: choose another name with --case"
    )
