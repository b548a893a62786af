"""HTML of reports, built so that text can never become a tag.

Everything that is not ``Markup`` is escaped, attribute values too. A page has no script; its policy
allows only its own style sheet, named by its digest, so that even a mistake here could load nothing
and run nothing.
"""

import base64
import html
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from crypto.encoding import sha256
from service.client.foundation.render import clean


class Markup(str):
    """HTML that is safe as it is. Made by this module only."""

    __slots__ = ()


Content: TypeAlias = "str | Markup"

_VOID = frozenset({"meta", "br", "hr", "circle", "line", "rect"})

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 "Liberation Sans", Arial, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
h3 { font-size: 1.05rem; margin-top: 1.75rem; }
.found { border-left: .35rem solid #1b6e3c; padding: .5rem 1rem; background: #f1f7f3; }
.wrong { border-color: #a3151f; background: #fbeeee; font-weight: bold; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: #555; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0;
  border-bottom: 1px solid #ddd; }
td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font-family: "Liberation Mono", monospace; font-size: .85em; overflow-wrap: anywhere; }
q, .typed { font-style: italic; } .small { color: #555; font-size: .9rem; }
svg { width: 100%; height: auto; } svg text { font: 11px "Liberation Sans", Arial, sans-serif; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  h2, h3, tr, svg, .found { break-inside: avoid; } h2, h3 { break-after: avoid; }
  thead { display: table-header-group; } a { color: inherit; text-decoration: none; }
}
"""


def escaped(text: Content) -> Markup:
    """Escape text for HTML; control and direction-changing characters are replaced."""
    return text if isinstance(text, Markup) else Markup(html.escape(clean(text), quote=True))


def joined(parts: Iterable[Content]) -> Markup:
    """Return parts one after the other, escaped where they are text."""
    return Markup("".join(map(escaped, parts)))


def element(tag: str, *content: Content, **attributes: str) -> Markup:
    """Return an element; ``class_`` means ``class``, ``http_equiv`` means ``http-equiv``."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return elements(tag, named, content)


def elements(tag: str, attributes: Mapping[str, str], content: Iterable[Content] = ()) -> Markup:
    """Return an element whose attributes have names of their own, such as ``viewBox``."""
    head = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{head}>" if tag in {"meta", "br", "hr"} else f"<{tag}{head}/>")
    return Markup(f"<{tag}{head}>{joined(content)}</{tag}>")


def table(heads: Iterable[Content], rows: Iterable[Iterable[Content]]) -> Markup:
    """Return a table with a row of heads."""
    top = element("thead", element("tr", *(element("th", head, scope="col") for head in heads)))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    return element("table", top, element("tbody", *body))


def page(title: str, *content: Content) -> str:
    """Return a whole page."""
    digest = base64.b64encode(sha256(STYLE.encode())).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Markup(STYLE)),
    )
    return f"<!doctype html>\n{element('html', head, element('body', *content), lang='en')}\n"
