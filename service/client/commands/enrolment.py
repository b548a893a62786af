"""Enrolling, signing in, signing out: how this device learns whose it is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import click

from crypto.encoding import b64encode
from crypto.identity import Identity, PublicKeys
from crypto.statement import sign
from service.client.cli.checkpoints import check_log
from service.client.cli.consent import consent, own_keys_context
from service.client.cli.firstlook import take_own_head
from service.client.cli.invocation import Invocation
from service.client.cli.options import FromInput, command
from service.client.cli.phrases import (
    NewSlot,
    forget_phrase_file,
    new_phrase,
    slot_fields,
    wrap,
)
from service.client.cli.session import open_session, sign_in
from service.client.cli.signing import posted
from service.client.cli.sweeping import sweep
from service.client.device.home import Config
from service.client.device.keeping import kept_requests
from service.client.foundation import render
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.link.api import Api
from service.client.link.connection import check_server
from service.wire.base import Done
from service.wire.people import Enrolment, InvitationToken, Invitee, SessionOpened, Sessions

_PATH = "/enroll"
_KEYRING = click.option(
    "--keyring/--no-keyring", default=None, help="Keep the session's token in the keyring."
)


@command("enroll", signs=True)
@click.argument("link", required=False, metavar="[-]", type=FromInput())
@click.option("--server", help="The service's address, for the secret part of a link alone.")
@click.option("--phrase-out", type=click.Path(), help="Write the new phrase to this new file.")
@_KEYRING
def enroll(
    run: Invocation,
    link: str | None,
    server: str | None,
    phrase_out: str | None,
    keyring: bool | None,  # noqa: FBT001 - click's own
) -> None:
    """Use an enrolment link: make your keys here, and a recovery phrase for them.

    The link is asked for, or read from standard input with -. It is as good as your keys until you
    have used it, and others on this machine can see what stands in a command.
    """
    address, secret = _read_link(run, link, server)
    with run.api(address, signed_in=False) as api:
        invitee = api.post("/enrolments/look", InvitationToken(token=secret), Invitee)
        _refuse_other_home(run, invitee.person)
        slot = _introduce(run, invitee)
        words = new_phrase(run, phrase_out)
        try:
            done, new, keys = _enrol(run, api, secret, invitee, words, slot)
        except ApiRefusal:
            # No keys were enrolled. After any other error they may have been, so the file stays.
            forget_phrase_file(phrase_out)
            raise
        opened = open_session(api, invitee.email, new.keys)
        _settle(run, api.server, opened, invitee.email, keys, keyring=keyring)
        check_log(run, api, done)
    answer = {"person": opened.person, "name": opened.name, "words": list(keys.words)}
    run.terminal.answer({**answer, "leaf": done.leaf}, lambda: _welcome(run, opened, keys))


def _read_link(run: Invocation, link: str | None, server: str | None) -> tuple[str, str]:
    """Return the service's address and the token, which follows the # of a link."""
    if link is None:
        text = run.terminal.ask("Enrolment link", option="-").strip()
    else:
        text = run.terminal.read("Enrolment link")
    address, mark, fragment = text.partition("#")
    if server is not None:
        return check_server(server), _checked_token(fragment if mark else text)
    return check_server(address.removesuffix(_PATH)), _checked_token(fragment)


def _checked_token(text: str) -> str:
    with suppress(ValueError):  # pydantic's own repeats the token
        return InvitationToken(token=text).token
    raise ClientRefusal(
        "malformed-link",
        "this is not an enrolment link",
        "copy all of it, including what follows the #",
    )


def _refuse_other_home(run: Invocation, person: str) -> None:
    known = run.home.config_or_none()
    if known is not None and known.person not in ("", person):
        raise ClientRefusal(
            "home-in-use",
            f"this folder belongs to {render.one_line(known.name)}: {run.home.path}",
            "set BREAKGLASS_HOME to a folder of your own",
        )


def _introduce(run: Invocation, invitee: Invitee) -> Mapping[str, str]:
    """Show whose keys are made, by the service's word; return the fields of their first slot."""
    role = " as operator" if invitee.operator else " as auditor" if invitee.auditor else ""
    ends = render.moment(invitee.expires_at, run.now())
    run.terminal.note(
        f"This link enrols {invitee.name} <{invitee.email}>{role}; it expires {ends}."
    )
    context = own_keys_context(
        run,
        invitee.person,
        invitee.name,
        email=invitee.email,
        role=role.removeprefix(" as "),
        replaces=invitee.replaces,
        waiting=[mine.payload["request"] for mine in kept_requests(run.home)],
    )
    consent(run, "identity", {"person": invitee.person}, context)
    slot = slot_fields(invitee.person, "add")
    consent(run, "slot", slot, own_keys_context(run, invitee.person, invitee.name))
    run.terminal.confirm("Is that you?")
    return slot


def _enrol(
    run: Invocation,
    api: Api,
    token: str,
    invitee: Invitee,
    words: tuple[str, ...],
    slot: Mapping[str, str],
) -> tuple[Done, NewSlot, PublicKeys]:
    identity = Identity.generate()
    further = {
        "person": invitee.person,
        "encryption_key": b64encode(identity.public.encryption_key),
        "signing_key": b64encode(identity.public.signing_key),
    }
    run.sight.demand_shown("identity", further)
    statement = sign("identity", further, identity=identity, at=run.now())
    new = wrap(run, identity, invitee.person, words, salt=invitee.salt, shown=slot)
    body = Enrolment(token=token, statement=posted(run, statement), slot=new.slot)
    return api.post("/identities", body, Done), new, identity.public


def _settle(
    run: Invocation,
    server: str,
    opened: SessionOpened,
    email: str,
    keys: PublicKeys,
    *,
    keyring: bool | None,
) -> None:
    """Remember who I am, and the session."""
    known = run.home.config_or_none() or Config(server=server)
    config = replace(
        known,
        server=server,
        email=email,
        person=opened.person,
        name=opened.name,
        fingerprint=keys.keyid,
    )
    run.home.write_config(config)
    run.home.write_token(opened.token, keyring=keyring)


def _welcome(run: Invocation, opened: SessionOpened, keys: PublicKeys) -> None:
    say = run.terminal.say
    say(f"You are enrolled as {opened.name}. The eight words of your keys:")
    say(f"    {render.spoken(keys.words)}")
    say("Read them out on the call when a roster that names you is signed. 'breakglass whoami'")
    say("shows them again.")


@command("login", signs=True)
@click.option("--server", help="The service's address; needed once.")
@click.option("--email", help="Your e-mail address there; needed once.")
@click.option(
    "--accept-epoch",
    is_flag=True,
    help="Go on with a log that was restored, once you know why; see 'log-epoch-began'.",
)
@_KEYRING
def login(
    run: Invocation,
    server: str | None,
    email: str | None,
    accept_epoch: bool,  # noqa: FBT001 - click's own
    keyring: bool | None,  # noqa: FBT001 - click's own
) -> None:
    """Sign in on this device with the recovery phrase."""
    run.accept_epoch = accept_epoch
    known = run.home.config_or_none()
    address = server or (known.server if known else "")
    address = address or run.terminal.ask("The service's address", option="--server")
    who = email or (known.email if known else "")
    who = who or run.terminal.ask("Your e-mail address", option="--email")
    with run.api(address, signed_in=False) as api:
        opened, identity = sign_in(run, api, who)
        _refuse_other_home(run, opened.person)
        if known is not None and known.fingerprint not in ("", identity.public.keyid):
            run.terminal.warn("Your keys are not those with which this device last signed in.")
            run.terminal.confirm("Have you enrolled again?")
        _settle(run, api.server, opened, who, identity.public, keyring=keyring)
        take_own_head(run, api, opened, identity)
        if accept_epoch:
            check_log(run, api)
        sweep(run, api)
    run.terminal.answer(
        {"person": opened.person, "name": opened.name, "expires_at": opened.expires_at},
        lambda: run.terminal.say(
            f"Signed in as {opened.name}; the session ends "
            f"{render.moment(opened.expires_at, run.now())} or after half an hour without use."
        ),
    )


@command("logout")
def logout(run: Invocation) -> None:
    """End the session on this device, here and at the service."""
    ended = True
    try:
        with run.api() as api:
            for session in api.get("/sessions", Sessions).sessions:
                if session.current:
                    api.delete(f"/sessions/{session.session}")
    except ApiRefusal as refused:
        if refused.code != "not-signed-in":
            raise
    except ClientRefusal as failed:
        if failed.code not in ("unreachable", "not-signed-in"):
            raise
        ended = failed.code == "not-signed-in"
    run.home.forget_token()
    said = "Signed out." if ended else "Signed out on this device; the service did not answer."
    run.terminal.answer({"signed_out": True, "service_told": ended}, lambda: run.terminal.say(said))
