"""The steps that all signed acts share: unlock, compare keys, sign, post, check the log.

Each command verifies, shows and asks first. An act's own local step after posting runs before the
log is checked: an alarm must not hide a new password from the person who has to set it at AWS. A
key is destroyed only afterwards, on what the log then proves (``sweeping``).
"""

from collections.abc import Callable, Mapping
from typing import Any

from crypto import statement as statements
from crypto.identity import Identity
from crypto.statement import Statement as Signed
from service.client.cli.checkpoints import check_log, newest_head
from service.client.cli.invocation import Invocation
from service.client.cli.session import unlock
from service.client.cli.signing import posted
from service.client.link.api import Api
from service.client.trust.chain import check_my_keys
from service.client.trust.heads import Head, Stamp
from service.domain.roster import Roster
from service.wire.base import Done, Shape, Statement


def unlocked(run: Invocation, api: Api, roster: Roster | None = None) -> Identity:
    """Return my identity, whose keys ``roster`` names where one is given.

    Raises:
        ClientRefusal: a code of ``session.unlock``; ``keys-replaced``: the roster names me with
            other keys, so it is not one that I signed.
    """
    me = unlock(run, api)
    if roster is not None:
        check_my_keys(roster, run.config.person, me.public)
    return me


def stamp(run: Invocation, api: Api, kind: str) -> Stamp:
    """Return this device's time, and the newest head of the log that it has verified.

    Raises:
        RuntimeError: no statement of this ``kind`` was shown, or nothing was held against the log.
    """
    run.sight.demand_shown(kind)
    return Stamp(at=run.now(), head=newest_head(run, api))


def signed(
    run: Invocation, me: Identity, kind: str, fields: Mapping[str, Any], head: Head
) -> Signed:
    """Sign an act as of now, by this device's clock; ``head`` is what it verified of the log.

    Raises:
        RuntimeError: as :meth:`LogSight.demand_shown`.
    """
    run.sight.demand_shown(kind, fields)
    return statements.sign(kind, {**fields, **head.fields}, identity=me, at=run.now())


def submit(
    run: Invocation,
    api: Api,
    path: str,
    body: Shape,
    *,
    after: Callable[[Done], None] | None = None,
) -> Done:
    """Post an act, do ``after`` here, and demand that the log has it and has only grown.

    Raises:
        ClientRefusal: the service's refusal, after which nothing was done; a code of
            ``checkpoints.check_log``, after which the act had been sent.
    """
    done = api.post(path, body, Done)
    if after is not None:
        after(done)
    check_log(run, api, done)
    return done


def act(
    run: Invocation,
    api: Api,
    path: str,
    kind: str,
    fields: Mapping[str, Any],
    *,
    roster: Roster | None = None,
    after: Callable[[Done], None] | None = None,
) -> Done:
    """Sign one statement of mine and post it as it is; ``roster`` and ``after`` as above.

    Raises:
        ClientRefusal: as :func:`unlocked` and :func:`submit`.
    """
    head = newest_head(run, api)
    statement = signed(run, unlocked(run, api, roster), kind, fields, head)
    return submit(run, api, path, Statement(statement=posted(run, statement)), after=after)
