"""The declarative base, its naming convention, and the column types every table shares."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Enum, Identity, MetaData, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import UserDefinedType

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
"""A big integer made by the database; it never leaves the house."""

PublicId = Annotated[uuid.UUID, mapped_column(Uuid, unique=True, server_default=text("gen_random_uuid()"))]
"""What other systems and links call the row by."""

Recorded = Annotated[dt.datetime, mapped_column(server_default=text("now()"))]
"""The system's time at which the row was written; never a business date."""


class TransactionId(UserDefinedType[str]):
    """The number of a transaction (xid8), as the database says it."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Return the type's name in the database."""
        return "XID8"


PGDialect.ischema_names["xid8"] = TransactionId  # the way for a dialect to learn a type it meets in a database

MadeIn = Annotated[str | None, mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))]
"""The transaction that wrote the row: who has just written it sees it, before anything else says whose it is."""

Currency = Annotated[str, mapped_column(String(3))]
"""An ISO 4217 code."""

Minor = Annotated[int, mapped_column(BigInteger)]
"""An amount in minor units of the currency that stands beside it."""

Sorted = Annotated[str, mapped_column(Text(collation="C"))]
"""Text compared byte by byte, so that prefix searches use the index under row security."""

Names = dict[str, str]
"""A name in several languages: locale to text."""


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it as a class attribute
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=20,
            values_callable=lambda values: [value.value for value in values],
        ),
        int: BigInteger,
        str: Text,
        dt.datetime: DateTime(timezone=True),
        Names: JSONB,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def one_of(column: str, values: type[StrEnum], name: str | None = None) -> CheckConstraint:
    """Return the check that holds a text column to the values of an enumeration."""
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=name or f"{column}_known")
