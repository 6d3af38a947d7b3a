"""Stores a bank file block by block while its rest is still being read; nothing counts before all of it is right."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.payments.accounts import Ours, hold_intake
from dues.payments.book import KIND
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.gaps import FOLLOWING, watch
from dues.payments.incoming import Section
from dues.payments.models import BankFile, BankSection, FileState, Refusal
from dues.payments.store import keep
from dues.runs.models import Run
from dues.runs.start import start


def refuse_known(
    session: Session, *, name: str, digest: str, plain: str | None = None, state: FileState = FileState.ACCEPTED
) -> None:
    """Raise FileKnownError for a file that is here already in a state, be it with other line ends."""
    same = BankFile.digest == digest
    if plain is not None:  # files that were only received have none yet, and are not alike because of that
        same = or_(same, BankFile.plain_digest == plain)
    known = session.execute(select(BankFile.id, BankFile.name).where(BankFile.state == state, same)).first()
    if known is not None:
        raise FileKnownError(name, file_id=known.id, before=known.name)


@dataclass(slots=True)
class Taking:
    """A file on its way into the database, with the run that will book it.

    ``stored`` of its payments were new, ``alike`` were left out because an earlier file had others that are alike in
    everything, ``ahead`` are booked on a later day than ``on``. ``received`` is the run of a file whose bytes are kept
    already; ``account`` is the only one that the file may be for, where its way in is an account's own.
    """

    session: Session
    file: BankFile
    on: dt.date
    by: Actor
    received: Run | None = None
    account: int | None = None
    stored: int = 0
    alike: int = 0
    ahead: int = 0
    _run: Run | None = None
    _ids: list[int | None] = field(default_factory=list)
    _opened: list[tuple[BankSection, Section]] = field(default_factory=list)
    _pieces: int = 0

    def open(self) -> Run:
        """Keep other files waiting, refuse one that came twice at once, and write down the file and its run."""
        if self._run is None:
            file = self.file
            for table in ("known", "stretch", "tally"):
                self.session.execute(statement(f"dues/payments/sql/{table}.sql"))
            hold_intake(self.session)
            refuse_known(self.session, name=file.name, digest=file.digest, plain=file.plain_digest)
            file.state = FileState.ACCEPTED
            self._add(file)
            self._run = self.received or self._begun()
            file.run_id = self._run.id
        return self._run

    def _add(self, file: BankFile) -> None:
        """Write the file down; chunks, sections and payments need its id.

        Row security may hide the file that is the same: then only its key tells.
        """
        self.session.add(file)
        try:
            self.session.flush()
        except IntegrityError as error:
            if not isinstance(error.orig, psycopg.errors.UniqueViolation):
                raise
            raise FileKnownError(file.name) from error

    def _begun(self) -> Run:
        params = {"file": self.file.id}
        path = self.file.path
        return start(self.session, kind=KIND, params=params, on=self.on, by=self.by, confirmed=True, path=path)

    def take(self, sections: Sequence[Section], pieces: Sequence[bytes]) -> None:
        """Store the payments in the staging table, which is empty afterwards, and bytes of the file.

        Raises FileRefusedError for a payment that was seen before with another amount or currency.
        """
        self.open()
        values = {"file": self.file.id, "on": self.on, "sections": self._section_ids(sections)}
        found = self.session.execute(statement("dues/payments/sql/take.sql"), values).one()
        if found.contradiction is not None:
            where = text("SELECT position FROM incoming WHERE ordinal = :ordinal")
            position = self.session.scalar(where, {"ordinal": found.contradiction})
            reason = "the bank gave this payment before with another amount"
            raise FileRefusedError(self.file.name, position, reason, Refusal.CONTRADICTS)
        self.session.execute(text("TRUNCATE incoming"))
        self.stored += found.stored
        self.alike += found.alike
        self.ahead += found.ahead
        self.keep(pieces)

    def keep(self, pieces: Iterable[bytes]) -> None:
        """Store the next of the file's bytes, unless they are kept already."""
        if self.received is not None:
            return
        self._pieces += keep(self.session, file_id=self.file.id, pieces=pieces, first=self._pieces)

    def close(self, sections: Sequence[Section], *, slice_size: int) -> None:
        """Store what only the end of the file has told about its sections, and plan how its run books it."""
        run = self.open()
        run.total = self.stored
        planned = {"run": run.id, "size": slice_size}
        self.session.execute(statement("dues/payments/sql/slices.sql"), planned)
        for days in ("days", "account_days"):
            self.session.execute(statement(f"dues/payments/sql/{days}.sql"), {"file": self.file.id})
        self._section_ids(sections)
        for row, section in self._opened:
            row.payments, row.amount = section.payments, section.amount
            row.closing_balance = section.closing_balance
            if section.closing_balance is not None:
                # A format that does not say when a statement was made (MT940) says of which day its last balance is.
                row.created_on = section.opened.created or section.closing_on or row.created_on
                row.closing_on = section.closing_on or row.created_on
        self._follow()

    def _follow(self) -> None:
        """See whether the statements of each account that the file brought some for follow each other."""
        accounts = {row.agreement_id for row, _ in self._opened if row.series is not None}
        if accounts:
            self.session.flush()  # the statement below reads what was stored
            watch(self.session, agreement_ids=accounts)

    def _section_ids(self, sections: Sequence[Section]) -> list[int | None]:
        """The rows of the sections, in their order; None for an empty one of no account of ours."""
        self._ids += [None] * (len(sections) - len(self._ids))
        for number, section in enumerate(sections):
            if self._ids[number] is None and section.ours is not None:
                self._ids[number] = self._section_id(section, section.ours)
        return self._ids

    def _section_id(self, section: Section, ours: Ours) -> int:
        """Store a section, or return the one that an earlier file brought."""
        key = section.opened.key
        known = select(BankSection.id).where(BankSection.agreement_id == ours.agreement_id, BankSection.key == key)
        found = self.session.scalar(known)
        if found is not None:
            return found
        row = BankSection(
            file_id=self.file.id,
            agreement_id=ours.agreement_id,
            key=key,
            statement_number=section.opened.statement_number,
            opening_balance=section.opened.opening_balance,
            payments=0,
            amount=0,
            currency=section.opened.currency or "",
            series=self.file.format if self.file.format in FOLLOWING else None,
            created_on=section.opened.created or self.on,
        )
        self.session.add(row)
        self.session.flush()  # payments need the id
        self._opened.append((row, section))
        return row.id
