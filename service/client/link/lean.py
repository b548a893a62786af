"""httpx without its command line, for which it would load rich and pygments on every call.

httpx does without ``_main`` where those are not installed; None in ``sys.modules`` is Python's way
to say that a module cannot be imported.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: not to be found

import httpx  # noqa: E402 - what stands above has to come first

__all__ = ["httpx"]
