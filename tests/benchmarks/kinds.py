"""What each kind of row compares, where its limit lies, and why there.

``make bench`` holds its figures against this table, and ``docs/performance.md`` prints it. A limit
is a bound on what a row's difference from its bare side consists of.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One line of the table of what is compared.

    ``ours`` and ``bare`` say what is done on either side, ``why`` why the limit lies where it does.
    ``at_most`` bounds the ratio of ours to bare, or what is counted. ``at_least`` bounds its
    inverse, the share of the bare speed that is left: such rows are ``turned``. ``beside_ours``:
    the other side is ours too, of another size or number.
    """

    rows: str
    ours: str
    bare: str = ""
    why: str
    at_most: float | None = None
    at_least: float | None = None
    beside_ours: bool = False

    @property
    def turned(self) -> bool:
        """Whether the ratio is bare to ours."""
        return self.at_least is not None

    @property
    def limit(self) -> str:
        """The limit as a table shows it; nothing where a figure is only shown."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        if self.at_most is None:
            return ""
        return f"<= {self.at_most:,.0f}" if self.at_most >= 1000 else f"<= {self.at_most:g}"

    def verdict(self, found: float) -> str:
        """One word, or nothing where there is no limit."""
        if self.at_least is not None:
            return "met" if found >= self.at_least else "missed"
        if self.at_most is not None:
            return "within" if found <= self.at_most else "OVER"
        return ""


_CHECKS = "as many bare signature checks as there are signatures to believe"
_ACT_OURS = (
    "a prepared statement, posted over HTTP to `breakglass-ops serve`: session, shape, signature, "
    "rules, event, statement, notice, the log's signed receipt"
)
_ACT_BARE = (
    "a Flask route under gunicorn with as many workers and threads, on an engine as durable: one "
    "signature verified, one row inserted and committed"
)
_APPEND_OURS = (
    "one act recorded in one transaction: the leaf built, hashed and entered, the head moved, its "
    "signed statement kept, its notice queued"
)
_APPEND_BARE = (
    "one INSERT of the finished row in one transaction as durable, into a table with the same "
    "columns, indexes and number of rows"
)

KINDS: Mapping[str, Kind] = {
    "seal": Kind(
        rows="seal",
        ours=(
            "`breakglass seal` between its last question and its answer: rosters and manifest "
            "verified, password made, encrypted, split, sealed six times, opened again by every "
            "share, signed, written as JSON"
        ),
        bare=f"{_CHECKS}; AES-GCM, SLIP-39 split, six times HPKE, one signature",
        why=(
            "the self-check is two combinations, which the bare side has not: 1.2 to 1.4 of it; "
            "parsing what is verified 0.5; the rest of 3.6 is room for a busy machine"
        ),
        at_most=3.6,
    ),
    "self-check": Kind(
        rows="of sealing: the self-check",
        ours="the two sets that use all six shares combined; each must open the content sealed",
        bare="SLIP-39 combine and AES-GCM, twice",
        why=(
            "the arithmetic is the library's on both sides; ours parses each share once more, so "
            "that none is foreign"
        ),
        at_most=1.4,
    ),
    "reseal": Kind(
        rows="reseal",
        ours=(
            "`breakglass approve` from the answers to the body: rosters, request, manifest, "
            "receipts verified, the statement in words, the share opened, compared, sealed anew, "
            "signed"
        ),
        bare=f"{_CHECKS}; HPKE opened and sealed, one signature",
        why=(
            "the cryptography is a millisecond, and reading what it rests on takes twice that: "
            "each statement is parsed strictly in three layers of JSON, and the answers are held "
            "against their shapes"
        ),
        at_most=3.5,
    ),
    "combine": Kind(
        rows="combine",
        ours=(
            "`breakglass reveal` from what the device kept to the password: rosters, manifest, "
            "request, decisions, release verified, the quorum counted, four shares opened, "
            "compared, combined"
        ),
        bare=f"{_CHECKS}; HPKE opened four times, SLIP-39 combine, AES-GCM",
        why="the same reading as for a reseal, beside SLIP-39's arithmetic, which is most of it",
        at_most=2.3,
    ),
    "act, SQLite": Kind(
        rows="approve, release; SQLite",
        ours=_ACT_OURS,
        bare=_ACT_BARE,
        why=(
            "the aim: one act is three transactions and two flushes beside one; a receipt that is "
            "checked costs a quarter of it"
        ),
        at_most=3.0,
    ),
    "act, PostgreSQL": Kind(
        rows="approve, release; PostgreSQL",
        ours=_ACT_OURS,
        bare=_ACT_BARE,
        why=(
            "the same aim; but each statement is a round trip, 25 beside 3, since the bare side "
            "does not even ask whether its pooled connection still lives"
        ),
        at_most=3.0,
    ),
    "read": Kind(
        rows="GET request, account",
        ours="who calls, who may see it, the request or account with all its statements",
        bare="a Flask route: one query by an index for one row",
        why="the aim: who calls is a query, and what they see another two",
        at_most=2.0,
    ),
    "read of ten": Kind(
        rows="GET 10 requests",
        ours="the same for ten requests of ten accounts, in as many queries as for one",
        bare="a Flask route: one query by an index for ten rows",
        why="the aim of one; ten quorums are counted, which the bare side has nothing for",
        at_most=2.0,
    ),
    "help": Kind(
        rows="`breakglass --help`",
        ours="a process that lists the commands",
        bare="a process that imports click",
        why="what a person waits for before anything is done: not twice the least",
        at_most=2.0,
    ),
    "list": Kind(
        rows="`breakglass list`",
        ours="a process that asks for ten requests and shows them",
        bare="a process that imports click and asks the same with the standard library",
        why=(
            "most of what is above one is loading httpx, which verifies certificates and follows "
            "proxies as people have them; more would be modules that a list does not need"
        ),
        at_most=2.5,
    ),
    "page": Kind(
        rows="page",
        ours="GET of a page by cookie, for a requester with ten accounts",
        bare=(
            "a Flask route: one query by an index, for one row or as many as the page lists, and "
            "a small Jinja template"
        ),
        why="the aim: 5 to 10 statements beside one, and values made of all that was read",
        at_most=3.0,
    ),
    "first load": Kind(
        rows="first load",
        ours=(
            "bytes that Chromium fetches for a request's page, with nothing in its cache, until "
            "all on it is verified"
        ),
        why="the aim: about a second on a line of one megabit",
        at_most=120_000,
    ),
    "browser": Kind(
        rows="approve, reveal; browser",
        ours="a page in Chromium, from the tap to the answer or the password on the page",
        bare="a page of the bare application in the same Chromium: below",
        why=(
            "the aim: the calls are the same five, so what is above one is verifying, the page's "
            "own work, and a server that does more"
        ),
        at_most=2.0,
    ),
    "stretch": Kind(
        rows="PBKDF2, browser",
        ours="600,000 rounds in WebCrypto at our page",
        bare="the same at the bare page",
        why="without a limit: the same call, shown because it is taken out of the row before it",
    ),
    "append, SQLite": Kind(
        rows="append, SQLite",
        ours=_APPEND_OURS,
        bare=_APPEND_BARE,
        why=(
            "six statements beside one, and a leaf to build: 4.1 times the processor's time where "
            "no disk is waited for. Both flush once, so a disk only lowers it"
        ),
        at_most=4.5,
    ),
    "append, PostgreSQL": Kind(
        rows="append, PostgreSQL",
        ours=_APPEND_OURS,
        bare=_APPEND_BARE,
        why=(
            "five statements beside one, each a round trip, and a pooled connection that is asked "
            "first: 4.7 times where no disk is waited for"
        ),
        at_most=5.0,
    ),
    "append, slow": Kind(
        rows="append, 2 ms a flush",
        ours="the same, where a small library makes every flush two milliseconds longer",
        bare="the same, where it does so too",
        why=(
            "what is above one is processor time; a second flush would make it more than 2: so an "
            "act, its statement and its notice reach the disk together"
        ),
        at_most=1.6,
    ),
    "growth": Kind(
        rows="first, deep page",
        ours="a page of history at a million events: the newest, or one from the middle",
        bare="ours too: the same page at ten thousand",
        why="an index two levels deeper, and pages of the database that are in no cache",
        at_most=1.5,
        beside_ours=True,
    ),
    "search": Kind(
        rows="account + person, …",
        ours="any two filters of history together, by the use case of the page; p99 in ms",
        why="a person waits for it: with all around it, below what they notice",
        at_most=10,
    ),
    "proof": Kind(
        rows="inclusion, consistency",
        ours="a proof by the use case of the API; p99 in ms",
        why="asked for after every act: small beside the act",
        at_most=5,
    ),
    "verify": Kind(
        rows="verify plain events",
        ours="an export verified: every file, leaf, hash, rule",
        bare=(
            "its events through one SHA-256; each of its files through one; each leaf and node; "
            "all without reading a word"
        ),
        why="the aim: hashing is about a third of the work; which hashing, see below",
        at_least=0.3,
    ),
    "verify statements": Kind(
        rows="verify events with statements",
        ours="the same, where each event has a statement",
        bare="each signature checked, and nothing else",
        why="the strict parsing of three layers of JSON takes almost as long as two signatures",
        at_most=3.5,
    ),
    "processes": Kind(
        rows="… in 2 processes, beside one",
        ours="the same export, in as many processes as there are cores",
        bare="ours too: in one",
        why="without a limit: it says how many cores were idle",
        beside_ours=True,
    ),
    "memory": Kind(
        rows="MB at most",
        ours="the largest process that verifies",
        why="it does not grow with the log, so a small machine can do it",
        at_most=100,
    ),
    "counted": Kind(
        rows="what is only counted",
        ours="calls and bytes of modules of a first load; signatures in an export, and a second",
        why="without a limit: they explain a row beside them",
    ),
}
