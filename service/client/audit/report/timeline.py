"""A request as a picture: its acts on a line of time, numbered as in the table under it (SVG)."""

from collections.abc import Sequence

from crypto.encoding import format_time
from service.client.audit.report.markup import Markup, element, elements, table
from service.client.audit.report.story import Entry, RequestStory
from service.domain import words

_WIDTH = 900
_HEIGHT = 64
_EDGE = 20
_LEAST = 22  # between two marks, so that their numbers can be read
_LINE = 24

_COLOURS = {
    "request:denied": "#a3151f",
    "request:ended-by-denial": "#a3151f",
    "request:expired": "#8a5a00",
    "request:cancelled": "#8a5a00",
    "request:released": "#5b2a86",
    "request:imported": "#5b2a86",
    "request:fetched": "#5b2a86",
    "request:approved": "#1b6e3c",
    "request:reviewed": "#1b6e3c",
}
_OTHER = "#31465f"


def picture(request: RequestStory) -> Markup:
    """Return the picture of a request."""
    entries = request.entries
    width = max(_WIDTH, 2 * _EDGE + _LEAST * len(entries))
    places = _places(entries, width)
    marks = []
    for number, (entry, x) in enumerate(zip(entries, places, strict=True), 1):
        at = {"cx": f"{x:.1f}", "cy": str(_LINE), "r": "9"}
        marks.append(
            elements(
                "g",
                {},
                [
                    elements("title", {}, [f"{number}. {entry.sentence}"]),
                    elements("circle", {**at, "fill": _COLOURS.get(entry.action, _OTHER)}),
                    _written(str(number), x, _LINE + 4, "middle", "#fff"),
                ],
            )
        )
    line = {"x1": str(_EDGE), "x2": str(width - _EDGE), "y1": str(_LINE), "y2": str(_LINE)}
    first, last = (format_time(entry.at) for entry in (entries[0], entries[-1]))
    what = f"{len(entries)} acts (unsigned times) from {first} to {last}"
    return elements(
        "svg",
        {"viewBox": f"0 0 {width} {_HEIGHT}", "role": "img", "aria-label": what},
        [
            elements("line", {**line, "stroke": "#999", "stroke-width": "2"}),
            *marks,
            _written(first, _EDGE, _HEIGHT - 8, "start", "#555"),
            _written(last, width - _EDGE, _HEIGHT - 8, "end", "#555"),
        ],
    )


def _places(entries: Sequence[Entry], width: int) -> list[float]:
    """Place acts by their time, pushed apart where they would cover each other."""
    start, end = entries[0].at, entries[-1].at
    span, room = (end - start).total_seconds() or 1.0, width - 2 * _EDGE
    places: list[float] = []
    for number, entry in enumerate(entries):
        wanted = _EDGE + room * (entry.at - start).total_seconds() / span
        least = places[-1] + _LEAST if places else _EDGE
        most = width - _EDGE - _LEAST * (len(entries) - 1 - number)
        places.append(min(max(wanted, least), most))
    return places


def _written(text: str, x: float, y: float, anchor: str, colour: str) -> Markup:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "fill": colour}
    return elements("text", place, [text])


def acts_table(request: RequestStory) -> Markup:
    """Return the table of a request's acts, numbered as in the picture."""
    rows = [
        (
            str(number),
            format_time(entry.at),
            element("span", str(entry.sentence), *_typed(entry)),
            words.plain(entry.state),
            f"{entry.seq}{', signed' if entry.signed else '' if entry.proven else ', unsigned'}",
        )
        for number, entry in enumerate(request.entries, 1)
    ]
    return table(("", "when (unsigned)", "what", "then", "leaf"), rows)


def _typed(entry: Entry) -> list[Markup]:
    return [
        element("span", element("br"), f"{called}: ", element("q", text), class_="typed")
        for called, text in entry.typed.items()
    ]
