"""Canonical JSON of a narrow form, which a regular expression recognises without parsing it.

Printable ASCII without quotes and backslashes has only one spelling, and so have integers without
a leading zero. Code that reads many leaves builds an expression from these parts; a leaf that does
not match exactly is no error: it is parsed in full, like every other leaf.

No part needs backtracking: hence the possessive ``*+`` and its like, which are faster.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

TEXT = r"[ !#-\[\]-~]*+"  # between its quotes
NUMBER = "(?:0|[1-9][0-9]{0,14}+)"  # below 2^53
DETAIL = f'"([a-z_]{{1,40}}+)":(?:"{TEXT}"|{NUMBER}|true|false)'  # one group: its name

_Text = TypeVar("_Text", str, bytes)

_NAME = re.compile('"([a-z_]+)":')


def names_of(details: str) -> list[str]:
    """Return the names in ``DETAIL,DETAIL,…``, in their order."""
    return _NAME.findall(details)


def in_order(names: Sequence[_Text]) -> bool:
    """Return whether names are as in canonical JSON: in order, none twice."""
    return all(a < b for a, b in pairwise(names))
