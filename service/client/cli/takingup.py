"""Going on under the log's new key, once the log proves a roster in force that names it."""

from contextlib import suppress

from crypto.checkpoint import Checkpoint
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.device.memory import SeenLog
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.chain import verify_chain
from service.client.trust.entries import open_view
from service.client.trust.growth import open_signed
from service.client.trust.newkey import continued_under, is_accepted, key_changed
from service.wire.accounts import Rosters
from service.wire.log import CheckpointAnswer


def taken_up(run: Invocation, api: Api, account: str) -> bool:
    """Remember the log under its new key if this account's people, as known here, accepted it.

    Without that nothing is remembered. A key that is given with ``--log-key`` is not exchanged.
    """
    path = f"/accounts/{account}/rosters"
    if run.log_key:
        return False
    with suppress(ClientRefusal), run.home.locked():
        seen = memory.seen_log(run.home, api.server)
        if seen is None or not seen.verifier_key:
            return False
        size = open_signed(seen.checkpoint, parsed(seen.verifier_key)).size
        shown = api.get(path, Rosters, seen=size)
        if shown.log is None:
            return False
        fresh = continued(run, api, shown.log)
        chain = verify_chain(
            shown.chain,
            shown.identities,
            account=account,
            me=run.config.fingerprint,
            remembered=memory.seen_roster(run.home, account),
        )
        new, views = shown.log.verifier_key, [open_view(shown.log, fresh)]
        if not is_accepted(chain, views, known=seen.verifier_key, shown=new):
            return False
        log = SeenLog(verifier_key=new, checkpoint=shown.log.checkpoint)
        memory.remember_log(run.home, api.server, log)
        run.terminal.warn(
            f"version {chain.newest.version} of the roster of account {account} names another key "
            "for the log, and is in force: this device goes by that key from now on"
        )
        return True
    return False


def taken_up_anywhere(run: Invocation, api: Api) -> bool:
    """Do the same where nothing says which account it is about: any that this device knows."""
    return any(taken_up(run, api, account) for account in memory.known_accounts(run.home))


def continued(run: Invocation, api: Api, shown: CheckpointAnswer) -> Checkpoint:
    """Demand that a log under another key continues the remembered one; remember nothing of it.

    Raises:
        ClientRefusal: ``log-key-changed``, ``log-not-signed``, ``log-rewound``, ``log-forked``.
    """
    seen = memory.seen_log(run.home, api.server)
    if seen is None or not seen.verifier_key or run.sight.new_key not in {"", shown.verifier_key}:
        raise key_changed("the service shows a key for its log that nothing here explains")
    old = open_signed(seen.checkpoint, parsed(seen.verifier_key))
    return continued_under(parsed(shown.verifier_key), shown, old)


def parsed(text: str) -> NoteVerifier:
    """Read a verifier key.

    Raises:
        ClientRefusal: ``malformed``.
    """
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "not the verifier key of a log") from None
