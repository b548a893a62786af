"""The tables of the documentation that code decides: ``python -m tests.docs.tables`` writes them.

Act and face, refusals, events, what an operator does about a refusal. A test fails when a written
table is not what the code says now.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from service.domain.declared import DECLARED
from service.domain.errors import Refusal
from service.domain.events import ACTIONS
from service.domain.evidence import Field
from service.web.problems import STATUS
from tests.contracts.tree import ROOT
from tests.docs.advice import advised
from tests.docs.faces import ALONE, COMMANDS_OF, MANY, NO_PAGE, PAGES_OF
from tests.docs.seen import OF_CLIENT, OF_SERVICE, seen_in
from tests.docs.sources import EVERY_ACT, client_codes, marked_tests, routes

_MADE = "<!-- written by `python -m tests.docs.tables`; change the code, not this file -->"
_BLOCK = ("<!-- refusals: written by", "<!-- end of refusals -->")
_VERIFIED = "a signature does not verify, or not with the key that the roster names"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_line(line) for line in (heads, ["---"] * len(heads), *rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _page(title: str, *parts: Iterable[str]) -> str:
    lines = [f"# {title}", "", _MADE]
    for part in parts:
        lines += ["", *part]
    return "\n".join(lines) + "\n"


def act_rows() -> list[tuple[str, str, str, str, str]]:
    """Act, route, command, page, tests."""
    marked, rows = marked_tests(), []
    for name, route in routes().items():
        path = route.path.replace("<", "{").replace(">", "}")
        for kind in ("account:", "id:", "digest:", "leaf:"):
            path = path.replace(f"{{{kind}", "{")
        words = [w if w in MANY else f"`{w}`" for w in COMMANDS_OF.get(name, ())]
        shown = [f"`{p}`" if p.startswith("/") else p for p in PAGES_OF.get(name, ())]
        tests = [f"{EVERY_ACT}[{name}]", *marked.get(name, [])]
        rows.append(
            (
                name,
                f"`{route.method} {path}`",
                ", ".join(words) or ALONE.get(name, ""),
                ", ".join(shown) or NO_PAGE.get(name, ""),
                "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests),
            )
        )
    return rows


def acts_page() -> str:
    """docs/acts.md."""
    intro = [
        "Every act of the service, under the one name that all faces use for it: the route of the",
        "API, commands of `breakglass` and pages that do it, and the tests that exercise it (below",
        "`tests/`; the first one over HTTP). `POST` answers 201 with what the act led to and the",
        "leaf that holds it; a refusal is one of [these](refusals.md).",
    ]
    heads = ("act", "route", "command", "page", "tests")
    return _page("Acts and their faces", intro, _table(heads, act_rows()))


def refusal_rows() -> list[tuple[str, str, str, str]]:
    """Code, status, sentence, a test."""
    rows = [
        (r.code, str(status.value), _sentence(r), _seen(OF_SERVICE, r.code, r.__name__))
        for r, status in STATUS.items()
    ]
    of_crypto = _seen(OF_SERVICE, "bad-signature")
    return sorted([*rows, ("bad-signature", "403", _VERIFIED, of_crypto)])


def _seen(places: Sequence[str], code: str, class_name: str = "") -> str:
    found = seen_in(places, code, class_name)
    return f"`{found}`" if found else ""


def _sentence(refusal: type[Refusal]) -> str:
    """Its own default; where each case has a sentence of its own, what they have in common."""
    if refusal.default != Refusal.default:
        return refusal.default
    return (refusal.__doc__ or "").partition("\n")[0]


def client_rows() -> list[tuple[str, str, str]]:
    """Code of the client, the modules that refuse with it, and a test."""
    return [
        (code, ", ".join(f"`{module}`" for module in sorted(modules)), _seen(OF_CLIENT, code))
        for code, modules in sorted(client_codes().items())
    ]


def refusals_page() -> str:
    """docs/refusals.md."""
    service = [
        "## What the service refuses",
        "",
        "A refusal is a problem document (RFC 9457, `application/problem+json`) whose `type` is",
        "`urn:breakglass:<code>`. Codes are stable and never change their meaning; the sentence",
        "may be a more exact one than the one here. A refused act leaves nothing behind: no row,",
        "no event, no notice. Only failed sign-ins and enrolments leave a counter, and at most",
        "every five minutes an event. The last column is a test below `tests/` that sees the code.",
        "",
        *_table(("code", "status", "sentence", "test"), refusal_rows()),
    ]
    client = [
        "## What the client refuses",
        "",
        "`breakglass` ends with exit code 1 and one line, `breakglass: <sentence> [<code>]`. These",
        "are the codes of its own; most name a lie of the service. The column names modules of",
        "`service/client`, whose docstrings say what each code means.",
        "",
        *_table(("code", "refused in", "test"), client_rows()),
    ]
    return _page("Refusals", service, client)


def event_rows() -> list[tuple[str, str, str, str, str]]:
    """Action, who causes it, statement, announced, sentence."""
    return [
        (
            action.value,
            about.by,
            about.statement or "none",
            about.severity.value if about.announced else "no",
            about.sentence,
        )
        for action, about in ACTIONS.items()
    ]


def evidence_rows() -> list[tuple[str, str, str, str, str, str]]:
    """Action, and what proves the entry and each of its fields."""
    return [
        (
            action.value,
            _proof(evidence.entry),
            _proof(evidence.actor),
            _proof(evidence.subject),
            _proof(evidence.request),
            "<br>".join(f"`{name}`: {_proof(said)}" for name, said in evidence.details.items())
            or "none",
        )
        for action, evidence in DECLARED.items()
    ]


def _proof(proof: Field) -> str:
    if not proof.proven:
        return "**unsigned**"
    signed = [f"signed `{proof.signed}`"] if proof.signed else []
    return " or ".join([*signed, *([proof.rule.value] if proof.rule else [])])


def events_page() -> str:
    """docs/events.md."""
    intro = [
        "The closed table of what the log can hold: who may cause an event, the kind of signed",
        "statement that its leaf carries, how it is announced, and the sentence for people. What",
        "stands in `details`, and in which order events of one transaction follow each other, is",
        "in [the protocol](protocol.md#the-log).",
    ]
    heads = ("action", "caused by", "statement", "announced", "sentence")
    proofs = [
        "## What is proven of an entry",
        "",
        "An auditor's replay proves a field by a field of the statement that the entry carries",
        "(*signed*; in the column *entry* the kind of that statement), or by a rule that it",
        "applies again. **Unsigned** is the service's own word: the log's key vouches that it has",
        "stood there since, and for nothing else. Reports mark it, and count nothing by it.",
        "An entry with a detail that is not listed here is refused, by the service before it is",
        "written and by the audit.",
        "",
        "For every entry: its number and order are proven by the tree. Its action is proven as the",
        "column *entry* says. Its time is **unsigned**, but never earlier than that of the entry",
        "before it (only `clock:accepted` is), the same as that of the act that it follows from,",
        "and a remark in the report if it is ten minutes or more from the time in its statement.",
        "",
        "The signature of `papers` proves that someone had the envelope's secret, as its sealer",
        "and all who opened it have. Their name, place, time and reason, and whose papers they",
        "used, are **unsigned**: claims, marked as such, by which no report counts anything.",
        "",
    ]
    proven = ("action", "entry", "actor", "subject", "request", "details")
    return _page(
        "Events",
        intro,
        _table(heads, event_rows()),
        [*proofs, *_table(proven, evidence_rows())],
    )


def advice_rows() -> list[tuple[str, str, str]]:
    """What a refusal says, what it means, and what an operator does about it."""
    return [
        (
            re.sub(r"\{[a-z_]+\}", "…", refusal.says),
            (refusal.__doc__ or "").partition("\n")[0].removesuffix(".").replace("``", "`"),
            re.sub(r"(?<!\w)'([^']+)'", r"`\1`", str(refusal.advice))
            + (f" ([more](#{refusal.advice.runbook}))" if refusal.advice.runbook else ""),
        )
        for refusal in advised()
    ]


def operations_page() -> str:
    """docs/operations.md, whose table of refusals alone is made."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    head, start, rest = text.partition(_BLOCK[0])
    mark, end, tail = rest.partition(_BLOCK[1])
    table = _table(("it says", "it means", "do"), advice_rows())
    return "\n".join(
        [f"{head}{start}{mark.partition('-->')[0]}-->", "", *table, "", f"{end}{tail}"]
    )


def pages() -> Mapping[Path, str]:
    """Every page that code makes, or makes a table of, by its place."""
    docs = ROOT / "docs"
    return {
        docs / "acts.md": acts_page(),
        docs / "refusals.md": refusals_page(),
        docs / "events.md": events_page(),
        docs / "operations.md": operations_page(),
    }


def main() -> None:
    """Write them."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
