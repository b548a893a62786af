"""Every command, where it is, and one line about it. A command's module loads when it runs."""

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
            "Use an enrolment link: make your keys and your phrase.",
        ),
        ("login", "enrolment:login", "Sign in on this device."),
        ("logout", "enrolment:logout", "End the session on this device."),
        ("whoami", "people:whoami", "Who you are, and the eight words of your keys."),
        ("slots", "slots:slots", "Your key slots; replace your recovery phrase."),
        ("invite", "people:invite", "Invite a person (operators)."),
        ("withdraw", "people:withdraw", "Withdraw a person's role (operators)."),
        ("end-sessions", "people:end_sessions", "End a person's sessions (operators)."),
        # accounts, and who counts there
        ("accounts", "accounts:accounts", "The protected accounts."),
        ("roster", "roster:roster", "Who counts in an account: draft, show, sign."),
        ("seal", "seal:seal", "Seal an account's new password."),
        (
            "confirm",
            "custody:confirm",
            "Confirm that your share of a sealed password opens.",
        ),
        ("paper", "custody:paper", "Print your share as words."),
        # asking and deciding
        ("request", "requests:request", "Request root access."),
        ("drill", "drill:drill", "Start or end a drill, which reveals nothing."),
        ("list", "listing:list_", "Requests, newest first."),
        ("show", "requests:show", "One request in full, verified."),
        ("approve", "decisions:approve", "Approve a request."),
        ("deny", "decisions:deny", "Deny a request."),
        ("cancel", "requests:cancel", "Cancel your request."),
        # releasing and ending
        ("release", "release:release", "Release the password for your request."),
        ("reveal", "reveal:reveal", "Show or copy the released password."),
        ("close", "endings:close", "Say what was done and end the release."),
        ("review", "endings:review", "Review a release for your group."),
        # without the service, the log, and what browsers get
        ("bundle", "bundle:bundle", "Write all that a quorum needs without the service."),
        ("offline", "offline:offline", "Request, approve and open by files."),
        ("audit", "audit:audit", "Export the log and verify it."),
        ("witness", "witness:witness", "Cosign a log that only grows, from elsewhere."),
        ("verify-web", "verifyweb:verify_web", "Compare a service's pages with this release."),
    )
}
