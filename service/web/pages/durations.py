"""Lengths of time to choose from, within what a policy permits."""

from service.web.pages.times import span

_LIFETIMES = (900, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 24 * 3600)
_WINDOWS = (300, 900, 1800, 3600, 2 * 3600, 4 * 3600)


def lifetimes(limit: int) -> list[tuple[int, str]]:
    """How long a request may wait for decisions, in seconds and words; ``limit`` comes last."""
    return _choices(_LIFETIMES, limit)


def windows(limit: int) -> list[tuple[int, str]]:
    """How long a release may be used; ``limit`` comes last."""
    return _choices(_WINDOWS, limit)


def _choices(offered: tuple[int, ...], limit: int) -> list[tuple[int, str]]:
    permitted = [seconds for seconds in offered if seconds < limit]
    return [(seconds, span(seconds)) for seconds in (*permitted, limit)]
