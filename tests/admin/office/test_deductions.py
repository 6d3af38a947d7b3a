"""An employer's list: compared with what each member owes, shared out as one decision, and taken back as one."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dues.invoicing.models import Claim
from dues.payments.deduction_table import read_list
from dues.payments.deductions import Line
from tablefiles import TableFileError
from tests.admin.office.desk_work import billed, jobs
from tests.admin.office.test_bill import plain
from tests.admin.office.test_person import first_form
from tests.factories.organisation import FEE
from tests.factories.unmatched import came, sound

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def send(desk: Browser, payment: int, written: str) -> None:
    """Send a list for a payment that waits."""
    desk.get(f"/admin/queue/{payment}/list")
    token = desk.page.xpath("string(//form[@id='send']//input[@name='csrf_token']/@value)")
    file = (BytesIO(written.encode()), "avdrag.csv")
    desk.post(f"/admin/queue/{payment}/list", csrf_token=token, file=file)  # type: ignore[arg-type]  # a file beside fields


def open_of(town: Town, *claims: int) -> list[int]:
    with jobs(town)() as session:
        return [session.get_one(Claim, claim).open_amount for claim in claims]


def test_a_list_is_compared_booked_and_undone_as_one(desk: Browser, town: Town) -> None:
    exact, little, much, gone = (billed(town) for _ in range(4))
    earlier = came(town, 100, payer="Verkstaden AB")
    send(desk, earlier, f"Medlemsnummer;Namn;Belopp\n{gone.person_id};Kim;1,00\n")
    desk.submit(form=first_form(desk, "Book 1.00 SEK for 1 member"))
    payment = came(town, 3 * FEE + 5000, payer="Verkstaden AB")
    send(desk, payment, "Namn\nKim\n")
    assert desk.summary() == ["No column is called “Number”. Name the one with the member numbers so."]
    lines = [(exact.person_id, FEE), (little.person_id, FEE - 2000), (much.reference, FEE + 2000), ("x99", 5000)]
    table = "".join(f"{number};Kim;{amount / 100:.2f}\n" for number, amount in lines)
    send(desk, payment, f"Number;Name;Amount\n{table}")
    said = plain(desk)
    assert "1 member has exactly what they owe on the list." in said
    assert "Unknown: the number means no member" in said
    assert "x99" in said
    for name, number, listed in ((little.name, little.person_id, "480.00"), (much.name, much.reference, "520.00")):
        assert name in said
        assert f"on the list: {number}, Kim" in said
        assert f"{listed} SEK listed, 500.00 SEK owed" in said
    assert "Missing: on this payer's last list, owes, and is not on this one" in said
    assert gone.name in said
    assert "0.00 SEK listed, 499.00 SEK owed" in said
    assert "50.00 SEK is for nobody on the list and waits on." in said
    desk.get(f"/admin/queue/{payment}/list?finding=exact")
    assert "Exact: what they owe" in plain(desk)
    assert exact.name in plain(desk)
    assert little.name not in plain(desk)
    desk.get(f"/admin/queue/{payment}/list?finding=too+little&beyond=1")
    assert little.name not in plain(desk)
    desk.submit(form=first_form(desk, "Book 1,500.00 SEK for 3 members"))
    assert "1,500.00 SEK shared out as the list says." in plain(desk)
    claims = (exact.claim_id, little.claim_id, much.claim_id)
    assert open_of(town, *claims) == [0, 2000, 0]
    assert sound(jobs(town))
    desk.submit(form=first_form(desk, "Undo"))
    assert open_of(town, *claims) == [FEE, FEE, FEE]
    assert sound(jobs(town))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), min_size=1, max_size=20))
def test_what_a_list_says_is_read_to_the_cent(lines: list[tuple[int, int]]) -> None:
    rows = "".join(f"{number};{minor // 100},{minor % 100:02}\n" for number, minor in lines)
    read = read_list(f"Nummer;Betrag\n{rows}".encode(), decimals=2)
    assert read == [Line(str(number), "", minor) for number, minor in lines]


def test_what_is_taken_back_by_a_list_is_refused() -> None:
    with pytest.raises(TableFileError, match="below zero"):
        read_list(b"Number;Amount\n1;-5.00\n", decimals=2)
