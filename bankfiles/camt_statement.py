"""The frame of a camt statement, report or notification: whose account, and the totals its entries must add up to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.camt_values import local, text
from bankfiles.currencies import decimal_text
from bankfiles.errors import UnsupportedCurrency, WrongRecord, WrongTotal
from bankfiles.keys import key
from bankfiles.types import Account, Notice, SectionClosed, SectionOpened


@dataclass(slots=True)
class Sums:
    """Counts and unsigned sums (minor units) of entries, by the sign of the entry."""

    counts: dict[int, int] = field(default_factory=lambda: {1: 0, -1: 0})
    amounts: dict[int, int] = field(default_factory=lambda: {1: 0, -1: 0})

    def add(self, sign: int, amount: int) -> None:
        """Counts an entry of `amount` (unsigned)."""
        self.counts[sign] += 1
        self.amounts[sign] += amount

    @property
    def net(self) -> int:
        """Money that came less money that left."""
        return self.amounts[1] - self.amounts[-1]


@dataclass(slots=True)
class Statement:
    """A Stmt, Rpt or Ntfctn while its entries are read; `booked` counts the booked entries, `every` all of them."""

    opened: SectionOpened
    position: str
    closing: int | None
    closing_position: str
    summary: Element | None
    notices: list[Notice]
    closing_on: date | None = None
    entries: int = 0
    payments: int = 0
    without_details: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    every: Sums = field(default_factory=Sums)
    booked: Sums = field(default_factory=Sums)

    @property
    def account(self) -> Account:
        """The account the statement is about."""
        return self.opened.account

    @property
    def created(self) -> date | None:
        """The day the bank made the statement."""
        return self.opened.created

    def take_currency(self, currency: str, position: str) -> None:
        """All amounts of a statement are in its account's currency; the first one names it if nothing else has."""
        known = self.opened.currency
        if known is None:
            self.opened = replace(self.opened, currency=currency)
        elif known != currency:
            raise UnsupportedCurrency(
                position, "the amount is in {found}, the account in {known}", found=currency, known=known
            )


def read_statement(element: Element, message: str) -> Statement:
    """The header of a statement, from its children up to the first entry; `message` is "camt.053" or its like."""
    parts = values.children(element)
    account = values.account_of(parts["Acct"]) if "Acct" in parts else None
    identification = text(parts.get("Id"))
    if account is None or not identification:
        raise WrongRecord(values.place(element), "the statement has no account or no identification before its entries")
    balances = _balances(element)
    opening = balances.get("OPBD", balances.get("PRCD"))
    closing = balances.get("CLBD")
    created = values.day(parts.get("CreDtTm"))
    pages = next((part for name, part in parts.items() if name.endswith("Pgntn")), None)
    related = values.account_of(parts["RltdAcct"]) if "RltdAcct" in parts else None
    statement = Statement(
        SectionOpened(
            key=key(message, account.number, identification, created, *_page(pages)),
            account=account,
            currency=text(parts["Acct"], "Ccy") or None,
            created=created,
            statement_number=text(parts.get("ElctrncSeqNb")) or text(parts.get("LglSeqNb")) or identification,
            opening_balance=opening[0] if opening else None,
            accounts=(related,) if related else (),
        ),
        position=values.place(element),
        closing=closing[0] if closing else None,
        closing_position=closing[2] if closing else "",
        summary=None if _is_split(pages) else parts.get("TxsSummry"),
        notices=_notices(element, parts),
        closing_on=closing[3] if closing else None,
    )
    for balance in (opening, closing):
        if balance:
            statement.take_currency(balance[1], balance[2])
    return statement


def _page(pages: Element | None) -> list[str]:
    """A statement sent in pages repeats its identification on each; only later pages need the number in the key."""
    page = text(pages, "PgNb")
    return [page] if page not in {"", "1"} else []


def _is_split(pages: Element | None) -> bool:
    """Whether the statement goes on in another message, so that its totals are not those of this file."""
    return pages is not None and (text(pages, "PgNb") != "1" or not values.truth(values.child(pages, "LastPgInd")))


def _balances(element: Element) -> dict[str, tuple[int, str, str, date | None]]:
    """(signed amount, currency, place, day) by code: OPBD opening, PRCD previous closing, CLBD closing, all booked."""
    found: dict[str, tuple[int, str, str, date | None]] = {}
    for balance in element:
        if local(balance) != "Bal":
            continue
        code = text(balance, "Tp", "CdOrPrtry", "Cd")
        parts = values.children(balance)
        if code not in {"OPBD", "PRCD", "CLBD"} or code in found:
            continue
        if "Amt" not in parts or "CdtDbtInd" not in parts:
            raise WrongRecord(values.place(balance), "the balance has no amount or no CdtDbtInd")
        amount, currency = values.amount(parts["Amt"])
        day = values.day(parts.get("Dt"))
        found[code] = amount * values.sign(parts["CdtDbtInd"]), currency, values.place(balance), day
    return found


def _notices(element: Element, parts: dict[str, Element]) -> list[Notice]:
    if text(parts.get("CpyDplctInd")) in {"DUPL", "CODU"}:
        return [Notice(values.place(element), "the bank marks this statement as a duplicate of an earlier one")]
    return []


def close_statement(statement: Statement) -> Iterator[Notice | SectionClosed]:
    """What remains to be said at the end of a statement; raises WrongTotal where its totals do not hold."""
    if statement.summary is not None:
        _check_summary(statement, statement.summary)
    _check_balances(statement)
    for status, count in statement.skipped.items():
        sentence = "{count} entries with status {status} are not booked yet and were left out"
        yield Notice(statement.position, sentence, {"count": count, "status": status})
    if statement.without_details:
        sentence = "{count} entries have no details and are kept as one line each"
        yield Notice(statement.position, sentence, {"count": statement.without_details})
    booked = statement.booked.net
    yield SectionClosed(
        statement.opened.key, statement.payments, booked, statement.closing, closing_on=statement.closing_on
    )


def _check_balances(statement: Statement) -> None:
    """Opening balance + booked entries = closing balance, where both are given."""
    opening, closing, currency = statement.opened.opening_balance, statement.closing, statement.opened.currency
    if opening is None or closing is None or currency is None or opening + statement.booked.net == closing:
        return
    raise WrongTotal(
        statement.closing_position,
        "the closing balance is {said}, but the opening balance and the entries give {found}",
        said=_signed(closing, currency),
        found=_signed(opening + statement.booked.net, currency),
    )


def _signed(amount: int, currency: str) -> str:
    return f"{'-' if amount < 0 else ''}{decimal_text(abs(amount), currency)} {currency}"


def _check_summary(statement: Statement, summary: Element) -> None:
    """TxsSummry. Banks differ in whether entries that are not booked yet are counted: either way will do."""
    for group, signs in (("TtlNtries", (1, -1)), ("TtlCdtNtries", (1,)), ("TtlDbtNtries", (-1,))):
        part = values.child(summary, group)
        if part is None:
            continue
        said = values.children(part)
        counts = [sum(sums.counts[sign] for sign in signs) for sums in (statement.booked, statement.every)]
        if "NbOfNtries" in said and values.count(said["NbOfNtries"]) not in counts:
            _refuse(said["NbOfNtries"], "entries", values.count(said["NbOfNtries"]), counts[0])
        amounts = [sum(sums.amounts[sign] for sign in signs) for sums in (statement.booked, statement.every)]
        if len(signs) > 1:  # some banks give the difference as the sum of all entries
            amounts += [abs(statement.booked.net), abs(statement.every.net)]
        if "Sum" in said:
            _check_sum(said["Sum"], amounts, statement.opened.currency)
        _check_net(said, statement)


def _check_net(said: dict[str, Element], statement: Statement) -> None:
    """TtlNetNtryAmt (version 2) or TtlNetNtry/Amt: money that came less money that left, unsigned."""
    element = said.get("TtlNetNtryAmt")
    if element is None:
        element = values.child(said.get("TtlNetNtry"), "Amt")
    if element is not None:
        _check_sum(element, [abs(statement.booked.net), abs(statement.every.net)], statement.opened.currency)


def _check_sum(element: Element, possible: list[int], currency: str | None) -> None:
    """Without any amount in the statement there is no currency, and the counts have been compared."""
    if currency is not None and values.number(element, currency) not in possible:
        _refuse(element, currency, (element.text or "").strip(), decimal_text(possible[0], currency))


def _refuse(element: Element, unit: str, said: object, found: object) -> None:
    sentence = "the statement says {said} {unit}, the file has {found}"
    raise WrongTotal(values.place(element), sentence, said=said, unit=unit, found=found)
