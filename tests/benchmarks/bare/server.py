"""The least that could answer: Flask, one signature, one commit; or one query by an index.

A page is one query by an index and a small template.

``python -m tests.benchmarks.bare.server`` serves it by gunicorn with as many workers and threads as
the service has, on an engine that commits as durably. It takes the bodies that the service takes,
keeps the statement with its digest, and checks nothing else.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask, Response, jsonify, render_template, request
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    insert,
    select,
)

from tests.benchmarks.bare.engine import engine_of

THREADS = 8
_metadata = MetaData()
_kept = Table(
    "kept",
    _metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(80), nullable=False),
    Column("about", String(36), nullable=False, index=True),
    Column("person", String(64), nullable=False, index=True),
    Column("at", Integer, nullable=False),
    Column("raw", LargeBinary, nullable=False),
)


def create_bare(engine: Engine, signers: Mapping[str, Ed25519PublicKey]) -> Flask:
    """Make the application; ``signers`` are the keys by their ids."""
    app = Flask("bare", root_path=str(Path(__file__).parent))

    @app.post("/acts/<about>")
    def act(about: str) -> tuple[Response, int]:
        posted = request.get_json()["statement"]
        body, kind = base64.b64decode(posted["payload"]), posted["payloadType"].encode()
        pae = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)
        signature = posted["signatures"][0]
        signers[signature["keyid"]].verify(base64.b64decode(signature["sig"]), pae)
        row = {
            "digest": hashlib.sha256(pae).hexdigest(),
            "kind": posted["payloadType"],
            "about": about,
            "person": signature["keyid"],
            "at": 0,
            "raw": body,
        }
        with engine.begin() as connection:
            connection.execute(insert(_kept), row)
        return jsonify(id=row["digest"]), 201

    _add_reads(app, engine)
    return app


def _add_reads(app: Flask, engine: Engine) -> None:
    @app.get("/acts/<about>")
    def one(about: str) -> Response:
        return _found(engine, _kept.c.about == about, 1)

    @app.get("/people/<person>/<int:limit>")
    def some(person: str, limit: int) -> Response:
        return _found(engine, _kept.c.person == person, limit)

    @app.get("/pages/<about>")
    def page(about: str) -> str:
        return render_template("page.html", rows=_rows(engine, _kept.c.about == about, 1))

    @app.get("/pages/<person>/<int:limit>")
    def pages(person: str, limit: int) -> str:
        return render_template("page.html", rows=_rows(engine, _kept.c.person == person, limit))


def _found(engine: Engine, which: ColumnElement[bool], limit: int) -> Response:
    found = _rows(engine, which, limit)
    return jsonify([{**row, "raw": base64.b64encode(row["raw"]).decode()} for row in found])


def _rows(engine: Engine, which: ColumnElement[bool], limit: int) -> Sequence[RowMapping]:
    with engine.begin() as connection:
        return connection.execute(select(_kept).where(which).limit(limit)).mappings().all()


def fill(url: str, about: str, person: str, count: int) -> None:
    """Put so many rows into the table, one of them ``about`` something."""
    row = {"kind": "application/vnd.breakglass.decision", "person": person, "at": 0, "raw": b"0"}
    engine = engine_of(url)
    with engine.begin() as connection:
        for number in range(count):
            more = {"digest": f"{number:064x}", "about": about if number == 0 else f"{number:036}"}
            connection.execute(insert(_kept), row | more)
    engine.dispose()


class BareServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn around it; connections are made in each worker after the fork."""

    def __init__(self, bind: str, workers: int, url: str, signers: Mapping[str, str]) -> None:
        self._bind = bind
        self._workers = workers
        self._url = url
        self._signers = {
            keyid: Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for keyid, key in signers.items()
        }
        super().__init__()

    def load_config(self) -> None:
        """Threads in each worker, connections kept, no line for a call."""
        settings = {
            "bind": self._bind,
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application in a worker process."""
        return create_bare(engine_of(self._url), self._signers)


def main(bind: str, workers: str, url: str, signers: str) -> None:
    """Make the table, and serve until told to stop."""
    engine = engine_of(url)
    _metadata.create_all(engine)
    engine.dispose()
    BareServer(bind, int(workers), url, json.loads(signers)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
