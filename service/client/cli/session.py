"""Signing in and unlocking. A phrase gives both keys; the root it unwraps lives for one act.

The phrase comes from ``--phrase-file``, ``--phrase-fd`` or the terminal, in this order.
"""

import os
from dataclasses import dataclass

from crypto.encoding import b64decode, b64encode
from crypto.errors import CryptoError, MalformedError
from crypto.identity import Identity, PublicKeys
from crypto.phrase import PHRASE_WORDS, PhraseKeys, check_phrase, phrase_keys
from crypto.typedwords import decoded, missing_words, words_in
from crypto.unlock import unwrap_root
from service.client.cli.clock import check_clock, say_clock
from service.client.cli.invocation import Invocation
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.foundation.givenfile import open_given
from service.client.link.api import Api
from service.wire.people import (
    EmailOnly,
    Freshen,
    Person,
    SessionOpened,
    SignIn,
    SignInParameters,
    Slot,
    Slots,
)

_PHRASE_LIMIT = 4000  # bytes: eleven words, numbered and spaced as anyone likes, in UTF-16 too
_OTHERS = 0o077


def ask_phrase(run: Invocation) -> tuple[str, ...]:
    """Return the eleven words of the recovery phrase; a typing slip at a terminal is asked again.

    Raises:
        ClientRefusal: ``malformed-phrase``; ``phrase-open``: others may read the file;
            ``needs-answer``; a code of ``foundation.givenfile``.
    """
    given = _given_phrase(run)
    while True:
        try:
            if given is not None:
                return check_phrase(given)
            return check_phrase(
                type_phrase(run, "Recovery phrase", option="--phrase-file", hidden=True)
            )
        except MalformedError as slip:
            if given is not None:
                raise ClientRefusal("malformed-phrase", str(slip)) from None
            run.terminal.note(str(slip))


def type_phrase(run: Invocation, question: str, *, option: str, hidden: bool = False) -> str:
    """Return what was typed as a phrase; words that were pasted line by line are all taken.

    Raises:
        ClientRefusal: ``needs-answer``.
    """
    typed = run.terminal.ask(question, option=option, hidden=hidden)
    while 0 < (missing := missing_words(typed, PHRASE_WORDS)) < PHRASE_WORDS:
        following = f"Words from {PHRASE_WORDS - missing + 1} on (a full stop begins again)"
        more = run.terminal.ask(following, option=option, hidden=hidden)
        typed = f"{typed}\n{more}"
        if not words_in(more):
            break
    return typed


def _given_phrase(run: Invocation) -> str | None:
    if run.phrase_file is not None:
        descriptor = open_given(run.phrase_file)
    elif run.phrase_fd is not None:
        descriptor = os.dup(run.phrase_fd)
    else:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if run.phrase_file is not None and os.fstat(descriptor).st_mode & _OTHERS:
            raise ClientRefusal(
                "phrase-open", "other users may read the phrase's file", "run 'chmod 600' on it"
            )
        data = file.read(_PHRASE_LIMIT + 1)
    if len(data) > _PHRASE_LIMIT:
        raise ClientRefusal(
            "malformed-phrase",
            f"more than {_PHRASE_LIMIT} bytes came, and a recovery phrase has {PHRASE_WORDS} words",
            "check which file or pipe was given",
        )
    try:
        return decoded(data)
    except MalformedError as unread:
        raise ClientRefusal("malformed-phrase", f"the recovery phrase: {unread}") from None


def sign_in(run: Invocation, api: Api, email: str) -> tuple[SessionOpened, Identity]:
    """Open a new session and unwrap the root with the same phrase. Keeps nothing on this device.

    Raises:
        ClientRefusal: ``wrong-slot``; ``other-identity``: the service names other keys as mine.
    """
    salt, keys = _derive(run, api, email)
    opened = open_session(api, email, keys)
    say_clock(run, api)
    identity = _unwrap(api, opened.person, salt, keys).identity
    me = api.get("/people/me", Person)
    if (b64decode(me.encryption_key), b64decode(me.signing_key)) != (
        identity.public.encryption_key,
        identity.public.signing_key,
    ):
        raise _other_identity("the service shows keys under your name that are not yours")
    return opened, identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """My identity for one act, and the slot that its root was unwrapped from."""

    identity: Identity
    slot: Slot


def unlock(run: Invocation, api: Api, words: tuple[str, ...] | None = None) -> Identity:
    """Freshen the session with the phrase, or open a new one, and return my identity.

    ``words`` are the phrase where it was asked for already.

    Raises:
        ClientRefusal: ``wrong-slot``; ``other-identity``: the keys are not those with which this
            device last signed in.
    """
    return unlock_with_slot(run, api, words).identity


def unlock_with_slot(run: Invocation, api: Api, words: tuple[str, ...] | None = None) -> Unlocked:
    """Do what ``unlock`` does, and return the slot as well."""
    config = run.config
    salt, keys = _derive(run, api, config.email, words)
    try:
        api.tell("/sessions/fresh", Freshen(sign_in_key=b64encode(keys.sign_in_key.reveal())))
    except ApiRefusal as refused:
        if refused.code != "not-signed-in":
            raise
        run.home.write_token(open_session(api, config.email, keys).token)
    check_clock(run, api)
    opened = _unwrap(api, config.person, salt, keys)
    if opened.identity.public.keyid != config.fingerprint:
        raise _other_identity("your keys are not those with which this device last signed in")
    return opened


def public_keys(run: Invocation, api: Api) -> PublicKeys:
    """Return my public keys without unlocking; this device knows their fingerprint.

    Raises:
        ClientRefusal: ``other-identity``: they do not have the fingerprint that is kept here.
    """
    me = api.get("/people/me", Person)
    try:
        keys = PublicKeys(
            encryption_key=b64decode(me.encryption_key), signing_key=b64decode(me.signing_key)
        )
    except CryptoError:
        raise ClientRefusal("server-answer", "the service shows no valid keys for you") from None
    if keys.keyid != run.config.fingerprint:
        raise _other_identity("the service shows other keys under your name than this device knows")
    return keys


def phrase_slot(api: Api) -> Slot:
    """Return my one phrase slot.

    Raises:
        ClientRefusal: ``wrong-slot``: none, or several.
    """
    slots = [slot for slot in api.get("/slots", Slots).slots if slot.kind == "phrase"]
    if len(slots) != 1:
        raise ClientRefusal(
            "wrong-slot", "the service does not show exactly one phrase slot for you"
        )
    return slots[0]


def stretch(run: Invocation, words: tuple[str, ...], salt: bytes, iterations: int) -> PhraseKeys:
    """Derive both keys of a phrase and say so, since it takes a moment."""
    with run.terminal.working("Deriving keys from the phrase"):
        return phrase_keys(words, salt, iterations)


def _derive(
    run: Invocation, api: Api, email: str, words: tuple[str, ...] | None = None
) -> tuple[str, PhraseKeys]:
    words = words or ask_phrase(run)
    wanted = api.post("/sessions/parameters", EmailOnly(email=email), SignInParameters)
    return wanted.salt, stretch(run, words, b64decode(wanted.salt), wanted.iterations)


def open_session(api: Api, email: str, keys: PhraseKeys) -> SessionOpened:
    """Open a session with a phrase's sign-in key; ``api`` uses it from here on."""
    body = SignIn(email=email, sign_in_key=b64encode(keys.sign_in_key.reveal()))
    opened = api.post("/sessions", body, SessionOpened)
    api.token = opened.token
    return opened


def _unwrap(api: Api, person: str, salt: str, keys: PhraseKeys) -> Unlocked:
    slot = phrase_slot(api)
    exchanged = ClientRefusal(
        "wrong-slot",
        "the key slot that the service shows does not open with this phrase",
        "the service may have replaced it: warn the others",
    )
    if slot.salt != salt:
        raise exchanged
    try:
        root = unwrap_root(keys.slot_key, b64decode(slot.wrapped_root), person, slot.slot)
    except CryptoError:
        raise exchanged from None
    return Unlocked(identity=Identity.from_root(root), slot=slot)


def _other_identity(message: str) -> ClientRefusal:
    return ClientRefusal(
        "other-identity",
        message,
        "if you have enrolled again, sign in with 'breakglass login'; if not, warn the others",
    )
