"""What a status report says of a single order (TxInfAndSts)."""

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles import pain002_values as own
from bankfiles.camt_transaction import NOT_GIVEN
from bankfiles.camt_values import text
from bankfiles.errors import WrongRecord
from bankfiles.types import Account, OrderStatus, Reason


def read_order(
    element: Element, number: int, inherited: str | None, reasons: tuple[Reason, ...], batch_id: str | None
) -> OrderStatus:
    """The `number`-th order of the report, with the status and reasons of its batch where it has none of its own."""
    position = f"{values.place(element)} {number}"
    code = own.status(values.child(element, "TxSts")) or inherited
    if code is None:
        raise WrongRecord(position, "neither the order nor its batch has a status")
    order = values.child(element, "OrgnlTxRef")
    amount, currency = _amount(order)
    name, account = _other_side(order)
    return OrderStatus(
        level="order",
        position=position,
        code=code,
        fate=own.FATES[code],
        reasons=own.reasons(element) or reasons,
        batch_id=batch_id,
        instruction_id=_given(text(element, "OrgnlInstrId")),
        end_to_end_id=_given(text(element, "OrgnlEndToEndId")),
        bank_reference=_given(text(element, "AcctSvcrRef")),
        mandate_id=_given(text(order, "MndtRltdInf", "MndtId") or text(order, "MndtRltdInf", "DrctDbtMndt", "MndtId")),
        amount=amount,
        currency=currency,
        wanted_on=values.day(values.child(order, "ReqdExctnDt")) or values.day(values.child(order, "ReqdColltnDt")),
        name=name,
        account=account,
    )


def _given(found: str) -> str | None:
    return None if found in NOT_GIVEN else found


def _amount(order: Element | None) -> tuple[int | None, str | None]:
    """The original amount: Amt/InstdAmt, Amt/EqvtAmt/Amt, or what was settled between the banks."""
    for path in (("Amt", "InstdAmt"), ("Amt", "EqvtAmt", "Amt"), ("IntrBkSttlmAmt",)):
        found = values.child(order, *path)
        if found is not None:
            return values.amount(found)
    return None, None


def _other_side(order: Element | None) -> tuple[str, Account | None]:
    """Who was to be paid, or whom money was to be drawn from: to draw takes a mandate or a day of collection."""
    draws = values.child(order, "MndtRltdInf") is not None or values.child(order, "ReqdColltnDt") is not None
    side = "Dbtr" if draws else "Cdtr"
    party, account = values.child(order, side), values.child(order, f"{side}Acct")
    name = text(party, "Nm") or text(party, "Pty", "Nm")
    return name, None if account is None else values.account_of(account)
