"""Writing camt.054 files (ISO 20022, versions 001.02 and 001.08) as Swedish banks deliver them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, groupby, islice
from typing import BinaryIO, Literal
from xml.sax.saxutils import escape

from bankfiles.currencies import decimal_text
from bankfiles.types import Account, Reference
from bankfiles.write import Deposit, Incoming

_FLUSH = 1000  # pieces of text
_HELD = 500  # payments of an entry that are held, so that its totals are known when it begins
_ROOM = 500  # characters kept free for totals that are only known at the end


def write_camt054(
    stream: BinaryIO,
    deposits: Iterable[Deposit],
    *,
    created: datetime,
    message_id: str,
    version: Literal["001.02", "001.08"] = "001.08",
    batch: int = 1_000_000,
) -> None:
    """Writes a camt.054 to a seekable stream: a notification for each deposit, in it an entry for up to `batch`
    payments that follow each other and go the same way, with all totals the format has.

    Totals stand before what they count; room is left for them and filled in at the end, so that payments may stream.
    """
    out = _Output(stream)
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.054.{version}"
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}"><BkToCstmrDbtCdtNtfctn>\n')
    at = created.isoformat(timespec="seconds")
    out.write(f"<GrpHdr><MsgId>{escape(message_id)}</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr>\n")
    for deposit in deposits:
        _notification(out, deposit, at, batch, nested=version != "001.02")
    out.write("</BkToCstmrDbtCdtNtfctn></Document>\n")
    out.flush()


class _Output:
    """A buffer before a stream, with places in it to be filled in later."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._pieces: list[str] = []

    def write(self, text: str) -> None:
        self._pieces.append(text)
        if len(self._pieces) > _FLUSH:
            self.flush()

    def flush(self) -> None:
        self._stream.write("".join(self._pieces).encode("utf-8"))
        self._pieces.clear()

    def room(self, text: str = "") -> int:
        """Writes a text, or leaves room for it between two elements, whose place is returned."""
        if text:
            self.write(text + "\n")
            return -1
        self.flush()
        place = self._stream.tell()
        self.write(" " * _ROOM + "\n")
        return place

    def fill(self, place: int, text: str) -> None:
        """Writes into the room left at a place."""
        self.flush()
        end = self._stream.tell()
        self._stream.seek(place)
        self._stream.write(text.encode("utf-8"))
        self._stream.seek(end)


def _notification(out: _Output, deposit: Deposit, at: str, batch: int, *, nested: bool) -> None:
    identification = f"<Id>{deposit.account.number}-{deposit.booked_on:%Y%m%d}-{deposit.number}</Id>"
    out.write(f"<Ntfctn>{identification}<ElctrncSeqNb>{deposit.number}</ElctrncSeqNb><CreDtTm>{at}</CreDtTm>")
    out.write(f"<Acct>{_account(deposit.account)}<Ccy>{deposit.currency}</Ccy></Acct>\n")
    place = out.room()
    counts, amounts = {"CRDT": 0, "DBIT": 0}, {"CRDT": 0, "DBIT": 0}
    ways = groupby(deposit.payments, lambda payment: ("CRDT" if payment.amount >= 0 else "DBIT", _family(payment)))
    for (way, family), payments in ways:
        for alike in _batches(payments, batch):
            counts[way] += 1
            amounts[way] += _entry(out, deposit, way, family, alike, nested=nested)
    out.fill(place, _summary(counts, amounts, deposit.currency))
    out.write("</Ntfctn>\n")


def _batches(payments: Iterator[Incoming], size: int) -> Iterator[Iterator[Incoming]]:
    for first in payments:
        yield chain([first], islice(payments, size - 1))


def _summary(counts: dict[str, int], amounts: dict[str, int], currency: str) -> str:
    groups = (("TtlNtries", ("CRDT", "DBIT")), ("TtlCdtNtries", ("CRDT",)), ("TtlDbtNtries", ("DBIT",)))
    parts = [
        f"<{name}><NbOfNtries>{sum(counts[way] for way in ways)}</NbOfNtries>"
        f"<Sum>{decimal_text(sum(amounts[way] for way in ways), currency)}</Sum></{name}>"
        for name, ways in groups
    ]
    return f"<TxsSummry>{''.join(parts)}</TxsSummry>"


def _family(payment: Incoming) -> str:
    """What kind of entry a payment stands in: a debit that came back only where it says why it did."""
    if payment.amount >= 0:
        return "<Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd>"
    return f"<Cd>{'IDDT</Cd><SubFmlyCd>UPDD' if payment.return_reason else 'ICDT</Cd><SubFmlyCd>ESCT'}</SubFmlyCd>"


def _entry(out: _Output, deposit: Deposit, way: str, family: str, payments: Iterator[Incoming], *, nested: bool) -> int:
    """An Ntry; returns its unsigned amount in minor units. Only a large one needs room for its totals."""
    held = list(islice(payments, _HELD))
    total = sum(abs(payment.amount) for payment in held)
    whole = len(held) < _HELD
    out.write("<Ntry>")
    amount_place = out.room(_amount_text(deposit, way, total) if whole else "")
    day = f"<Dt>{deposit.booked_on}</Dt>"
    out.write(f"<Sts>{'<Cd>BOOK</Cd>' if nested else 'BOOK'}</Sts><BookgDt>{day}</BookgDt><ValDt>{day}</ValDt>")
    out.write(f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly>{family}</Fmly></Domn></BkTxCd>")
    out.write("<NtryDtls>")
    batch_place = out.room(_batch_text(deposit, way, len(held), total) if whole else "")
    count, total = 0, 0
    for payment in chain(held, payments):
        count += 1
        total += abs(payment.amount)
        out.write(_transaction(payment, deposit=deposit, way=way, nested=nested))
    out.write("</NtryDtls></Ntry>\n")
    if not whole:
        out.fill(amount_place, _amount_text(deposit, way, total))
        out.fill(batch_place, _batch_text(deposit, way, count, total))
    return total


def _amount_text(deposit: Deposit, way: str, total: int) -> str:
    amount = decimal_text(total, deposit.currency)
    return f'<Amt Ccy="{deposit.currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>'


def _batch_text(deposit: Deposit, way: str, count: int, total: int) -> str:
    amount = f'<TtlAmt Ccy="{deposit.currency}">{decimal_text(total, deposit.currency)}</TtlAmt>'
    return f"<Btch><NbOfTxs>{count}</NbOfTxs>{amount}<CdtDbtInd>{way}</CdtDbtInd></Btch>"


def _transaction(payment: Incoming, *, deposit: Deposit, way: str, nested: bool) -> str:
    """A TxDtls. Version 2 has neither Amt and CdtDbtInd of its own nor Pty."""
    amount = f'<Amt Ccy="{deposit.currency}">{decimal_text(abs(payment.amount), deposit.currency)}</Amt>'
    money = f"{amount}<CdtDbtInd>{way}</CdtDbtInd>" if nested else f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    returned = f"<RtrInf><Rsn><Cd>{escape(payment.return_reason)}</Cd></Rsn></RtrInf>" if payment.return_reason else ""
    return (
        f"<TxDtls>{_refs(payment)}{money}{_parties(payment, deposit, nested=nested)}"
        f"{_remittance(payment, deposit.currency)}{returned}</TxDtls>\n"
    )


def _refs(payment: Incoming) -> str:
    return (
        f"<Refs>{_tag('AcctSvcrRef', payment.bank_reference)}"
        f"<EndToEndId>{escape(payment.end_to_end_id) or 'NOTPROVIDED'}</EndToEndId>"
        f"{_tag('MndtId', payment.mandate_id)}</Refs>"
    )


def _parties(payment: Incoming, deposit: Deposit, *, nested: bool) -> str:
    name = _tag("Nm", payment.payer_name)
    party = f"<Pty>{name}</Pty>" if nested else name
    leaves = payment.amount < 0 and not payment.return_reason  # what is returned keeps the roles of what had come
    other, own = ("Cdtr", "Dbtr") if leaves else ("Dbtr", "Cdtr")
    side = f"<{other}>{party}</{other}>" if name else ""
    account = f"<{other}Acct>{_account(payment.payer_account)}</{other}Acct>" if payment.payer_account else ""
    bankgiro = f"<{own}Acct>{_account(Account('BGNR', deposit.bankgiro))}</{own}Acct>" if deposit.bankgiro else ""
    parts = [bankgiro, side, account] if leaves else [side, account, bankgiro]
    return f"<RltdPties>{''.join(parts)}</RltdPties>" if any(parts) else ""


def _remittance(payment: Incoming, currency: str) -> str:
    text = "".join([_tag("Ustrd", line) for line in payment.text.splitlines()])
    structured = "".join([_structured(reference, payment.amount, currency) for reference in payment.references])
    return f"<RmtInf>{text}{structured}</RmtInf>" if text or structured else ""


def _structured(reference: Reference, whole: int, currency: str) -> str:
    part = ""
    if reference.amount is not None:
        name = "RmtdAmt" if (reference.amount < 0) == (whole < 0) else "CdtNoteAmt"
        money = f'<{name} Ccy="{currency}">{decimal_text(abs(reference.amount), currency)}</{name}>'
        part = f"<RfrdDocAmt>{money}</RfrdDocAmt>"
    kind = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
    return f"<Strd>{part}<CdtrRefInf>{kind}<Ref>{escape(reference.value)}</Ref></CdtrRefInf></Strd>"


def _account(account: Account) -> str:
    if account.scheme == "IBAN":
        return f"<Id><IBAN>{account.number}</IBAN></Id>"
    return f"<Id><Othr><Id>{escape(account.number)}</Id><SchmeNm><Prtry>{account.scheme}</Prtry></SchmeNm></Othr></Id>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
