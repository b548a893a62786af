"""What all tables share: one catalogue, constraint names that do not depend on the engine."""

from sqlalchemy import BigInteger, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase

# SQLite makes a column its row number only if the type is spelled INTEGER; 64 bits in both.
BIGINT = BigInteger().with_variant(Integer(), "sqlite")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every mapped class; ``Base.metadata`` has every table, the log's among them."""

    metadata = MetaData(naming_convention=NAMES)


def table_of(mapped: type[Base]) -> Table:
    """The table of a mapped class, for queries that are made once and read plain rows."""
    return Base.metadata.tables[mapped.__tablename__]
