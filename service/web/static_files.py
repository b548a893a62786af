"""Scripts and style sheets, under a name that changes whenever any of them does.

All files are read once, when the program starts. The digest of all of them is in the folder's
name, so that modules find each other by relative names and whatever a browser keeps is what was
asked for: one of these URLs never answers with other bytes. A path is looked up and never opened.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response

from service.domain.errors import NotFoundError
from service.web.access import Role, requires
from service.wire import assets

ENDPOINT = "asset"
# Only what is imported at once: a module that an act needs is loaded by import() when it does.
_IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Every file by its path below ``folder``, which is the path that browsers ask for."""

    folder: str
    digest: str
    content: Mapping[str, bytes]

    def imported(self, module: str) -> tuple[str, ...]:
        """All modules that ``module`` imports statically, directly or not, without itself.

        A page names them, so that a browser fetches them at once and not one after another.
        """
        found: dict[str, None] = {}
        waiting = [module]
        while waiting:
            path = waiting.pop(0)
            text = self.content.get(path, b"").decode()
            for relative in _IMPORT.findall(text):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))
                if target not in found and target != module:
                    found[target] = None
                    waiting.append(target)
        return tuple(found)


def load() -> StaticFiles:
    """The files of this installation.

    Raises:
        RuntimeError: a file is of a kind that no page loads.
    """
    content = assets.load()
    digest = assets.digest(content)
    return StaticFiles(folder=f"/static/{digest}", digest=digest, content=content)


def register(app: Flask, files: StaticFiles) -> None:
    """Serve the files to everyone. Another digest, or a path that is none of theirs, is 404."""

    @requires(Role.PUBLIC)
    def serve(digest: str, path: str) -> Response:
        if digest != files.digest or path not in files.content:
            raise NotFoundError
        return Response(files.content[path], content_type=assets.media_type(path))

    app.add_url_rule("/static/<folder:digest>/<path:path>", ENDPOINT, serve, methods=["GET"])
