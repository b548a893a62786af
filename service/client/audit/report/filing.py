"""Writing reports to new files; the file's extension decides the form."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from service.client.audit.report.report import Report
from service.client.device.newfile import check_new, write_shared
from service.client.foundation.render import clean


def _text(report: Report) -> str:
    return clean("\n".join([*report.lines(), *report.to_be_read()])) + "\n"


def _json(report: Report) -> str:
    return json.dumps(report.as_json(), indent=2, ensure_ascii=True) + "\n"


def _html(report: Report) -> str:
    from service.client.audit.report.html import report_page

    return report_page(report)


_FORMS: Mapping[str, Callable[[Report], str]] = {".txt": _text, ".json": _json, ".html": _html}


def check_names(paths: Sequence[Path]) -> None:
    """Refuse a report's name before anything is verified: that can take long.

    Raises:
        UsageError: another extension than ``.txt``, ``.json`` or ``.html``.
        ClientRefusal: ``file-exists``.
    """
    for path in paths:
        if path.suffix not in _FORMS:
            raise click.UsageError(f"a report's name must end in {', '.join(_FORMS)}: not {path}")
        check_new(path)


def file_report(paths: Sequence[Path], report: Report) -> None:
    """Write a report to new files: to all of them or to none."""
    write_shared({path: _FORMS[path.suffix](report).encode() for path in paths})
