"""Every command, where it lives, and one line about it. A command's module loads when it runs."""

from collections.abc import Mapping
from typing import NamedTuple


class Entry(NamedTuple):
    """``place`` is ``module:attribute``; ``help`` is what ``breakglass --help`` says."""

    place: str
    help: str


_ROOMS = {"offline": "offline.opening", "audit": "audit.command", "witness": "witness.command"}


def _place(named: str) -> str:
    """Where a command is: in this room, or in the room that its kind of work has."""
    module, _, attribute = named.partition(":")
    return f"service.client.{_ROOMS.get(module, f'commands.{module}')}:{attribute}"


COMMANDS: Mapping[str, Entry] = {
    name: Entry(_place(place), help_)
    for name, place, help_ in (
        # who I am
        (
            "enroll",
            "enrolment:enroll",
            "Follow an enrolment link: make my keys and my phrase.",
        ),
        ("login", "enrolment:login", "Sign in on this device."),
        ("logout", "enrolment:logout", "End the session on this device."),
        ("whoami", "people:whoami", "Who I am, and the eight words of my keys."),
        ("slots", "slots:slots", "My key slots; replace my recovery phrase."),
        ("invite", "people:invite", "Invite a person (operators)."),
        ("withdraw", "people:withdraw", "Take back a person's role (operators)."),
        ("end-sessions", "people:end_sessions", "End a person's sessions (operators)."),
        # accounts, and who counts there
        ("accounts", "accounts:accounts", "The protected accounts."),
        ("roster", "roster:roster", "Who counts in an account: draft, show, sign."),
        ("seal", "seal:seal", "Seal an account's new password."),
        (
            "confirm",
            "custody:confirm",
            "Confirm that my share of a sealed password opens.",
        ),
        ("paper", "custody:paper", "Print my share as words."),
        # asking and deciding
        ("request", "requests:request", "Ask for root access."),
        ("drill", "drill:drill", "Ask for a rehearsal that shows nothing."),
        ("list", "listing:list_", "Requests, newest first."),
        ("show", "requests:show", "One request, with all that is known of it."),
        ("approve", "decisions:approve", "Approve a request."),
        ("deny", "decisions:deny", "Deny a request."),
        ("cancel", "requests:cancel", "Cancel my request."),
        # releasing and ending
        ("release", "release:release", "Take what the quorum has released."),
        ("reveal", "reveal:reveal", "Show or copy the released password."),
        ("close", "endings:close", "Say what was done and end the release."),
        ("review", "endings:review", "Look at a release afterwards."),
        # without the service, the log, and what browsers get
        ("bundle", "bundle:bundle", "Write all that a quorum needs without the service."),
        ("offline", "offline:offline", "Request, decide and open by files passed by hand."),
        ("audit", "audit:audit", "Export the log and verify it."),
        ("witness", "witness:witness", "Cosign a log that only grows, from elsewhere."),
        ("verify-web", "verifyweb:verify_web", "Compare a service's pages with this release."),
    )
}
