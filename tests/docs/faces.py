"""Which command and which page does which act: what a person types or opens for what the API takes.

A command that reads on its way to something else is listed where it is the reader's own wish, or
where no other command does the act. ``ALONE`` are acts that no command does, with the reason.
"""

from collections.abc import Mapping

COMMANDS_OF: Mapping[str, tuple[str, ...]] = {
    "account.channel": ("accounts channel",),
    "account.list": ("accounts", "accounts list"),
    "account.register": ("accounts add",),
    "account.show": ("accounts show", "seal"),
    "bundle.fetch": ("bundle",),
    "checkpoint.show": ("every command that acts", "audit export"),
    "envelope.confirm": ("confirm",),
    "envelope.list": ("confirm", "seal", "request"),
    "envelope.paper": ("paper",),
    "envelope.report-papers": ("offline import",),
    "envelope.seal": ("seal",),
    "envelope.share": ("confirm", "approve", "paper"),
    "event.export": ("audit export",),
    "event.proof": ("audit prove",),
    "home.show": ("breakglass alone",),
    "identity.enrol": ("enroll",),
    "invitation.create": ("invite",),
    "invitation.look": ("enroll",),
    "leaf.list": ("audit export", "audit prove"),
    "person.list": ("roster draft",),
    "person.me": ("whoami",),
    "request.cancel": ("cancel",),
    "request.close": ("close",),
    "request.decide": ("approve", "deny"),
    "request.fetch": ("reveal",),
    "request.import": ("offline import",),
    "request.list": ("list",),
    "request.open": ("request", "drill"),
    "request.release": ("release", "drill"),
    "request.review": ("review",),
    "request.case": ("show", "approve", "deny", "release"),
    "role.withdraw": ("withdraw",),
    "roster.draft": ("roster draft",),
    "roster.show": ("roster show",),
    "roster.sign": ("roster sign",),
    "session.end-all": ("end-sessions",),
    "session.freshen": ("every command that signs",),
    "session.list": ("logout",),
    "session.open": ("login", "enroll"),
    "session.parameters": ("login",),
    "session.revoke": ("logout",),
    "slot.change": ("slots replace",),
    "slot.list": ("slots", "slots list"),
}

_PAGES = "none: passkeys are for pages; `breakglass` has the recovery phrase"

_VIEW = "none: for pages; commands ask for its parts"

ALONE: Mapping[str, str] = {
    "channel.list": "none: operators have `breakglass-ops status` on the machine",
    "event.download": "none: for pages; a table proves nothing, `audit export` does",
    "account.whole": _VIEW,
    "checkpoint.kept": "none: for pages; `audit export` and `audit verify` have it",
    "note.show": "none: for the sign-in page; operators write `sign-in.txt` on the machine",
    "event.list": "none: for programs and pages; people read the log with `audit export`",
    "event.people": _VIEW,
    "event.show": "none: for pages; `audit prove` shows one entry with its proof",
    "request.show": "none: commands ask for the case, which has the rosters too",
    "event.year": "none: for pages; `audit report` counts from an export",
    "invitation.passkey-options": _PAGES,
    "session.fresh-options": _PAGES,
    "session.open-with-passkey": _PAGES,
    "session.passkey-options": _PAGES,
    "slot.passkey-options": _PAGES,
    "witness.list": "none: who audits brings their keys along, `audit verify --witness`",
}

# Not names of commands, but words for many of them.
MANY = frozenset({"every command that acts", "every command that signs", "breakglass alone"})

# Commands that need no act of the API: they work on files, or on the pages themselves.
OF_FILES = frozenset(
    {
        "audit report",
        "audit verify",
        "offline approve",
        "offline open",
        "offline papers",
        "offline request",
        "verify-web",
        "witness init",
        "witness serve",
    }
)

_ACT = "every page that signs or opens"

PAGES_OF: Mapping[str, tuple[str, ...]] = {
    "account.channel": ("/operate",),
    "account.list": ("/", "/accounts"),
    "account.register": ("/operate",),
    "account.show": ("/accounts/{account}",),
    "account.whole": ("/accounts/{account}",),
    "channel.list": ("/operate",),
    "checkpoint.kept": ("/history/log",),
    "checkpoint.show": (_ACT, "/history", "/history/log"),
    "envelope.confirm": ("/accounts/{account}/confirm", "/requests/{request}"),
    "envelope.list": ("/accounts/{account}/confirm", "/accounts/{account}/seal"),
    "envelope.paper": ("/accounts/{account}/paper",),
    "envelope.seal": ("/accounts/{account}/seal",),
    "envelope.share": (
        "/accounts/{account}/confirm",
        "/accounts/{account}/paper",
        "/requests/{request}",
    ),
    "event.download": ("/history",),
    "event.list": ("/history", "/history/year"),
    "event.people": ("/history", "/history/year"),
    "event.show": ("/history/{seq}",),
    "event.year": ("/history/year",),
    "event.proof": ("/history/{seq}",),
    "home.show": ("/",),
    "identity.enrol": ("/enroll",),
    "invitation.create": ("/operate",),
    "invitation.look": ("/enroll",),
    "invitation.passkey-options": ("/enroll",),
    "leaf.list": ("/history/{seq}",),
    "person.list": ("/operate", "/accounts/{account}/draft"),
    "person.me": ("/me",),
    "request.cancel": ("/requests/{request}",),
    "request.case": ("/requests/{request}",),
    "request.close": ("/requests/{request}/close",),
    "request.decide": ("/requests/{request}",),
    "request.fetch": ("/requests/{request}/release",),
    "request.list": ("/requests",),
    "request.open": ("/accounts/{account}/ask", "/accounts/{account}/drill"),
    "request.release": ("/requests/{request}/release",),
    "request.review": ("/requests/{request}/review",),
    "request.show": ("/requests/{request}",),
    "role.withdraw": ("/operate",),
    "roster.draft": ("/accounts/{account}/draft",),
    "roster.show": ("/accounts/{account}/roster",),
    "roster.sign": ("/accounts/{account}/roster",),
    "session.end-all": ("/operate",),
    "session.fresh-options": (_ACT,),
    "session.freshen": (_ACT,),
    "session.list": ("/me",),
    "note.show": ("/sign-in",),
    "session.open": ("/sign-in", "/enroll"),
    "session.open-with-passkey": ("/sign-in",),
    "session.parameters": ("/sign-in",),
    "session.passkey-options": ("/sign-in",),
    "session.revoke": ("/me",),
    "slot.change": ("/me",),
    "slot.list": ("/me", _ACT),
    "slot.passkey-options": ("/me",),
    "witness.list": ("/history", "/history/log", "/history/{seq}"),
}

NO_PAGE: Mapping[str, str] = {
    "bundle.fetch": "none: a bundle is a file; `breakglass bundle` verifies what it writes",
    "event.export": "none: an export is verified where it is written, by `breakglass audit`",
    "envelope.report-papers": "none: a report lies in a file of the command line",
    "request.import": "none: what was done without the service lies in files of the command line",
}
