"""Circles among modules: two that import each other cannot be read, tried or moved one by one."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def circle(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """One circle of a graph from modules to those they import, or nothing if there is none.

    The first module is repeated as the last one.
    """
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return tuple(reversed(found))  # it is given from the imported one to its importer
    return ()
