"""What is sold over the counter: invoices for one person, and taking them back in each way that there is."""

from collections.abc import Sequence

from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.lines import Own, lines
from dues.demo.paperwork.office import Office
from dues.invoicing.one_off import Wanted
from dues.invoicing.one_off_write import issue_one_off
from dues.payments.cancel_unsent import cancel_unsent
from dues.payments.credit_books import left_of_lines
from dues.payments.credit_invoice import credit_invoice, credit_part
from dues.payments.reissue import Anew, reissue

_DAYS = 20
"""Within how many days what is sold is to be paid."""


def sell(
    office: Office,
    choir: Choir,
    what: Sequence[tuple[str | Own, int]],
    *,
    to: int,
    ago: int,
    posted: bool = True,
    parts: int = 1,
) -> int:
    """Invoice one of the choir's adults, by their place among them, and return the invoice."""
    on = office.ago(ago)
    with office.desk() as session:
        wanted = Wanted(choir.adults[to], choir.group_id, office.ago(ago - _DAYS), lines(session, choir, what), parts)
        key = office.key(f"one-off {choir.slug} {to} {ago}")
        invoice_id = issue_one_off(session, wanted=wanted, key=key, on=on, by=office.by).id
    if posted:
        office.post(on)
    return invoice_id


def take_half_back(office: Office, invoice_id: int, *, ago: int) -> None:
    """Credit half of an invoice's first line: one of two came back."""
    on = office.ago(ago)
    with office.desk() as session:
        first, *_ = left_of_lines(session, invoice_id=invoice_id)
        half = {first.position: first.amount // 2}
        key = office.key(f"credit note {invoice_id}")
        credit_part(session, invoice_id=invoice_id, amounts=half, key=key, on=on, by=office.by)
    office.post(on)


def take_back(office: Office, invoice_id: int, *, ago: int) -> None:
    """Credit a whole invoice."""
    on = office.ago(ago)
    with office.desk() as session:
        credit_invoice(session, invoice_id=invoice_id, on=on, by=office.by)
    office.post(on)


def cancel(office: Office, invoice_id: int, *, ago: int) -> None:
    """Take an invoice back before anybody hears of it."""
    with office.desk() as session:
        cancel_unsent(session, invoice_id=invoice_id, on=office.ago(ago), by=office.by)


def write_anew(office: Office, invoice_id: int, *, ago: int) -> None:
    """Take an invoice back and write it anew, to be paid later."""
    on = office.ago(ago)
    with office.desk() as session:
        anew = Anew(invoice_id, office.ago(ago - _DAYS), office.key(f"anew {invoice_id}"))
        reissue(session, anew=anew, on=on, by=office.by)
    office.post(on)
