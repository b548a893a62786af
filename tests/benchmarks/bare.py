"""The least that could answer: Flask, one signature, one commit; or one query by an index.

A page is one query by an index and a small template.

``python -m tests.benchmarks.bare`` serves it by the very gunicorn settings of ``breakglass-ops
serve`` and with the engine settings of the service's own database. It takes the bodies that the
service takes, keeps the statement with its digest, and checks nothing else.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask, Response, jsonify, render_template, request
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

from service.config import Settings
from service.ops.serve import Plan, Server
from service.storage.database import Database

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


def create_bare(database: Database, signers: Mapping[str, Ed25519PublicKey]) -> Flask:
    """Make the application; ``signers`` are the keys by their ids."""
    app = Flask("bare", root_path=str(Path(__file__).parent))
    engine = database.engine

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


def fill(database: Database, about: str, person: str, count: int) -> None:
    """Put so many rows into the table, one of them ``about`` something."""
    row = {"kind": "application/vnd.breakglass.decision", "person": person, "at": 0, "raw": b"0"}
    with database.engine.begin() as connection:
        for number in range(count):
            more = {"digest": f"{number:064x}", "about": about if number == 0 else f"{number:036}"}
            connection.execute(insert(_kept), row | more)


class BareServer(Server):
    """The service's server around another application."""

    def __init__(self, read: Settings, workers: int, signers: Mapping[str, str]) -> None:
        self._signers = {
            keyid: Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for keyid, key in signers.items()
        }
        super().__init__(read, Plan(workers=workers, tells=False, metrics_port=0))

    def load(self) -> Flask:
        """Build the application in a worker process."""
        return create_bare(Database(self._read.database, self._read.state_dir), self._signers)


def main(workers: str, signers: str) -> None:
    """Serve by the settings of the environment, as the service does."""
    read = Settings()
    Path(read.state_dir).mkdir(exist_ok=True)
    database = Database(read.database, read.state_dir)
    _metadata.create_all(database.engine)
    database.dispose()
    BareServer(read, int(workers), json.loads(signers)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
