"""Scripts and style sheets, under a name that changes whenever any of them does.

All files are read and compressed once, when the program starts. The digest of all of them is in the
folder's name, so that modules find each other by relative names and whatever a browser keeps is
what was asked for: one of these URLs never answers with other bytes. A path is looked up and never
opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response

from service.domain.errors import NotFoundError
from service.web.access import Role, requires
from service.web.compressed import Body
from service.wire import assets, shell

ENDPOINT = "asset"


class FileResponse(Response):
    """A file, as a kind of answer of its own: other headers go with it."""


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
        return shell.imported(self.content, module)[1:]


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
    bodies = {path: Body.of(content) for path, content in files.content.items()}

    @requires(Role.PUBLIC)
    def serve(digest: str, path: str) -> Response:
        if digest != files.digest or path not in bodies:
            raise NotFoundError
        return bodies[path].answer(FileResponse, HTTPStatus.OK, assets.media_type(path))

    app.add_url_rule("/static/<folder:digest>/<path:path>", ENDPOINT, serve, methods=["GET"])
