"""Account statements (camt.053) for tests: numbered, and with the balances before and after."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Final

from tests.factories.money import account_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dues.groups.models import BankAgreement

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>M{number}</MsgId><CreDtTm>{created}T06:00:00</CreDtTm></GrpHdr>"
    "<Stmt><Id>S{created}-{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{created}T06:00:00</CreDtTm>"
    "<Acct><Id>{account}</Id><Ccy>{currency}</Ccy></Acct>"
)
_BALANCE: Final = (
    "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
    "<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
)
_ENTRY: Final = (
    "<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
    "<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{key}</AcctSvcrRef>"
    "<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Kim Ek</Nm></Pty></Dbtr></RltdPties>"
    "<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)


def statement(
    agreement: BankAgreement, *, number: int, on: dt.date, opening: int, amounts: Sequence[int], text: str = "Avgift"
) -> BytesIO:
    """The statement of a day, made by the bank the next morning; amounts are minor units of two decimals, signed."""
    account = account_of(agreement)
    own = (
        "<IBAN>{0}</IBAN>"
        if account.scheme == "IBAN"
        else "<Othr><Id>{0}</Id><SchmeNm><Prtry>{1}</Prtry></SchmeNm></Othr>"
    )
    values = {"number": number, "created": on + dt.timedelta(days=1), "currency": agreement.currency, "on": on}
    parts = [_HEAD.format(account=own.format(account.number, account.scheme), **values)]
    for code, balance in (("OPBD", opening), ("CLBD", opening + sum(amounts))):
        parts.append(_BALANCE.format(code=code, **_signed(balance), **values))
    for at, amount in enumerate(amounts):
        parts.append(_ENTRY.format(key=f"{on:%Y%m%d}{number:03}{at:03}", text=text, **_signed(amount), **values))
    return BytesIO("\n".join((*parts, "</Stmt></BkToCstmrStmt></Document>\n")).encode())


def _signed(amount: int) -> dict[str, str]:
    return {"amount": f"{abs(amount) / 100:.2f}", "sign": "CRDT" if amount >= 0 else "DBIT"}
