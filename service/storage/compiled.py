"""Statements that are written out once, and given to the driver with their values.

SQLAlchemy looks at every statement and value again, which takes longer than SQLite takes to insert
a row. The few statements that every act makes while the log is locked do without.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Insert, Update
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler


class CompiledStatement:
    """A change whose values are all named parameters; it returns no rows.

    On each database it is what SQLAlchemy makes of it there. Values go to the driver unchanged:
    whole numbers, texts and bytes, which both drivers take as they are.
    """

    def __init__(self, change: Insert | Update) -> None:
        self._change = change
        self._forms: dict[str, SQLCompiler] = {}

    def run(self, connection: Connection, values: Mapping[str, object]) -> int:
        """Make the change and return how many rows it was; no named parameter may be missing.

        What the database refuses is raised as SQLAlchemy's errors, as for any other statement.
        """
        form = self._form(connection.dialect)
        order = form.positiontup  # None where the driver finds values by name
        given = dict(values) if order is None else tuple(values[name] for name in order)
        return connection.exec_driver_sql(form.string, given).rowcount

    def _form(self, dialect: Dialect) -> SQLCompiler:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._change.compile(dialect=dialect)
            self._forms[dialect.name] = form
        return form
