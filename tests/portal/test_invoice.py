"""The invoice behind a link: nothing before the code, all of it after."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from database.connect import Role
from documents import InvoiceDocument, Kind, Line, Party
from dues.actor import VISITOR
from dues.delivery.models import Message
from dues.groups.models import Creditor, Group
from dues.invoicing.access import create_links, derive_code, token_hash
from dues.invoicing.charge_file import TAKE_IN, keep_table, reading_of, table_of
from dues.invoicing.document import Issued
from dues.invoicing.elsewhere_pdfs import attach_pdfs
from dues.invoicing.instalments import Plan
from dues.invoicing.models import AccessLink, Claim, ClaimEnd, Invoice, PaymentReference
from dues.invoicing.take_in_file import take_table_in
from dues.loop.join import join
from dues.members.register import PersonDetails
from dues.payments.reissue import Anew, reissue
from dues.runs.drive import drive
from portal.invoice_sheet import standing
from tests.admin.office.desk_work import billed, pays
from tests.factories.members import person
from tests.invoicing.test_elsewhere_pdfs import PDF, zipped
from tests.portal.test_doors import within_budget
from tests.portal.town import TODAY
from wiring import bind_kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from settings import Settings
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken

EMAIL = "alva.secret@example.org"


@pytest.fixture(scope="module")
def invoice(town: Town) -> Invoice:
    """Somebody's invoice of 500 kr."""
    bind_kinds()
    person = PersonDetails(
        given_name="Alva",
        family_name="Hemlig",
        language="sv",
        country="SE",
        birth_date=dt.date(1980, 5, 17),
        email=EMAIL,
        street="Ekvägen 1",
        postcode="753 20",
        city="Uppsala",
    )
    with town.database.unit_of_work(Role.JOBS) as session:
        joined = join(
            session, group=town.slug, type_id=town.member_type, person=person, payer=None, on=TODAY, by=VISITOR
        )
    assert joined.run_id is not None
    drive(town.database.opener(Role.JOBS), joined.run_id)
    with town.database.opener(Role.JOBS)() as session:
        return session.scalars(select(Invoice).where(Invoice.run_id == joined.run_id)).one()


@pytest.fixture
def token(town: Town, invoice: Invoice) -> str:
    """A link to it that was sent out."""
    with town.database.unit_of_work(Role.JOBS) as session:
        return create_links(session, wanted=[(invoice.id, EMAIL)])[0]


def code_of(town: Town, settings: Settings, token: str) -> str:
    """Read the code as the mail would say it."""
    with town.database.opener(Role.JOBS)() as session:
        link = session.get_one(AccessLink, token_hash(token))
        assert link.code_sent_at is not None
        return derive_code(link.token_hash, link.code_sent_at, settings.signing_key())


def tells_nothing(browser: Browser) -> None:
    """Hold a page to not a word of whom or what the link is about."""
    body = browser.answer.get_data(as_text=True)
    for secret in ("Alva", "Hemlig", EMAIL, "Riks", "Norr", "500.00", "500 kr", "Ekvägen", "kontingent-fee", "Member"):
        assert secret not in body


def opened(browser: Browser, town: Town, settings: Settings, token: str) -> Browser:
    browser.get(f"/i/{token}").submit()
    return browser.submit(code=code_of(town, settings, token))


def test_before_the_code_the_page_tells_nothing_and_changes_nothing(
    browser: Browser, town: Town, token: str, woken: Woken
) -> None:
    for _ in range(3):
        tells_nothing(browser.get(f"/i/{token}"))
    with town.database.opener(Role.JOBS)() as session:
        assert session.get_one(AccessLink, token_hash(token)).code_sent_at is None
    assert woken.mails == 0
    assert browser.answer.headers["Cache-Control"] == "no-store"
    assert browser.answer.headers["X-Robots-Tag"] == "noindex"
    tells_nothing(browser.get(f"/i/{token}/invoice.pdf"))


def test_the_code_is_sent_to_the_links_address_and_opens_the_invoice(
    visit: Callable[..., Browser], town: Town, settings: Settings, token: str, woken: Woken
) -> None:
    browser = visit("sv").get(f"/i/{token}").submit()
    tells_nothing(browser)
    assert woken.mails == 1
    with town.database.opener(Role.JOBS)() as session:
        mail = session.scalars(select(Message).where(Message.kind == "code").order_by(Message.id.desc())).first()
        assert mail is not None
        assert mail.address == EMAIL
    browser.submit(code=f" {code_of(town, settings, token)} ")
    assert "Att betala senast 22 december 2026" in browser.text
    assert "500 kr" in browser.text
    assert "Obetald" in browser.text
    assert "5050-1055" in browser.text
    assert "OCR" in browser.text
    assert "1231181189" in browser.text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert browser.get(f"/i/{token}").heading.startswith("Faktura")


def test_the_pdf_is_there_for_who_gave_the_code(
    visit: Callable[..., Browser], town: Town, settings: Settings, token: str
) -> None:
    browser = opened(visit(), town, settings, token)
    answer = browser.get(browser.page.xpath("//a[contains(@href, '.pdf')]/@href")[0]).answer
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert visit().get(f"/i/{token}/invoice.pdf").path == f"/i/{token}"


def test_what_another_system_issued_says_so_and_has_its_own_pdf_or_none(
    visit: Callable[..., Browser], town: Town, settings: Settings
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group).join(Creditor, Creditor.group_id == Group.id)).first()
        assert group is not None
        who = person(session, email=EMAIL)
        content = "Faktura;Medlem;Datum;Förfallodatum;Referens;Belopp\n"
        content += f"W{who.id};{who.id};2026-11-01;2026-12-01;V {who.id};300\n"
        file = keep_table(session, content=content.encode(), name="o.csv", group=group, by=VISITOR, kind=TAKE_IN)
        reading = reading_of(session, file=file, table=table_of(file))
        reading = replace(reading, source="Old register", quoted="text")
        run = take_table_in(session, file=file, reading=reading, on=TODAY, by=VISITOR)
        run.confirmed = True
        run_id, person_id = run.id, who.id
    drive(town.database.opener(Role.JOBS), run_id)
    with town.database.unit_of_work(Role.JOBS) as session:
        invoice_id = session.scalars(select(Invoice.id).where(Invoice.payer_id == person_id)).one()
        token = create_links(session, wanted=[(invoice_id, EMAIL)])[0]
    browser = opened(visit(), town, settings, token)
    assert browser.heading == f"Invoice W{person_id}"
    assert "This invoice was issued in another system, Old register, and is paid here." in browser.text
    assert f"V {person_id}" in browser.text
    assert not browser.page.xpath("//a[contains(@href, '.pdf')]")
    browser.get(f"/i/{token}/invoice.pdf", status=404)
    with town.database.unit_of_work(Role.JOBS) as session:
        attach_pdfs(session, run_id=run_id, archive=zipped({f"W{person_id}.pdf": PDF}), by=VISITOR)
    browser.get(f"/i/{token}")
    assert browser.get(browser.page.xpath("//a[contains(@href, '.pdf')]/@href")[0]).answer.data == PDF


def test_the_opened_invoice_stays_within_the_budget_of_a_first_visit(
    app: Flask, visit: Callable[..., Browser], town: Town, settings: Settings, token: str
) -> None:
    within_budget(app, opened(visit(), town, settings, token))


def test_opening_one_link_opens_no_other(
    visit: Callable[..., Browser], town: Town, settings: Settings, invoice: Invoice, token: str
) -> None:
    browser = opened(visit(), town, settings, token)
    with town.database.unit_of_work(Role.JOBS) as session:
        other = create_links(session, wanted=[(invoice.id, EMAIL)])[0]
    tells_nothing(browser.get(f"/i/{other}"))


def test_wrong_codes_are_counted_and_used_up(browser: Browser, town: Town, settings: Settings, token: str) -> None:
    browser.get(f"/i/{token}").submit()
    right = code_of(town, settings, token)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1, 0):
        browser.submit(code=wrong)
        assert browser.error_at("code") == f"This is not the code that was sent. Tries left: {left}."
        assert browser.title.startswith("Error:")
        tells_nothing(browser)
    browser.submit(code=right)
    assert browser.error_at("code") == "This code is not valid any more. Ask for a new one."


def test_a_second_code_has_to_wait(browser: Browser, token: str) -> None:
    browser.get(f"/i/{token}").submit()
    browser.submit(form=1)
    assert "A code is on its way. You can ask for another one in" in browser.text


def test_unknown_revoked_and_cut_off_links_get_the_same_answers(
    visit: Callable[..., Browser], town: Town, token: str
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        revoke = update(AccessLink).where(AccessLink.token_hash == token_hash(token))
        session.execute(revoke.values(revoked_at=dt.datetime.now(dt.UTC)))
    answers = []
    for link in (token, "x" * 43, token[:20]):
        browser = visit().get(f"/i/{link}")
        before = browser.text
        after = browser.submit(status=404)
        tells_nothing(after)
        answers.append((before, after.text))
        visit().get(f"/i/{link}").submit(status=404)
    assert len(set(answers)) == 1


def test_codes_cannot_be_tried_for_ever(visit: Callable[..., Browser], token: str) -> None:
    browser = visit().get(f"/i/{token}").submit()
    for _ in range(6):
        browser.submit(code="000000")
    assert browser.submit(code="000000", status=429).heading == "That was too often"


@pytest.mark.parametrize(
    ("open_amount", "ended", "due", "word"),
    [
        (100, None, 30, "Open"),
        (60, None, 30, "Part-paid"),
        (100, None, -1, "Overdue"),
        (0, ClaimEnd.PAID, -1, "Paid"),
        (0, ClaimEnd.CREDITED, 30, "Credited"),
        (0, ClaimEnd.WRITTEN_OFF, 30, "Closed"),
    ],
)
def test_an_invoice_stands_in_a_members_words(
    app: Flask, open_amount: int, ended: ClaimEnd | None, due: int, word: str
) -> None:
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        language="en",
        number="1",
        date=TODAY,
        currency="SEK",
        sender=Party("Riks"),
        recipient=Party("Alva"),
        lines=(Line("Fee", 100),),
        due_date=TODAY + dt.timedelta(days=due),
    )
    found = Issued(
        1,
        1,
        group_id=1,
        group="Riks",
        sensitive=True,
        open_amount=open_amount,
        ended=ended,
        memberships=(),
        said="",
        document=document,
    )
    with app.test_request_context():
        assert standing(found, on=TODAY).word == word


def test_every_instalment_has_its_day_its_reference_and_its_state(
    browser: Browser, town: Town, settings: Settings
) -> None:
    who = billed(town, email="parts-behind@example.org")
    first_on = TODAY + dt.timedelta(days=30)
    with town.database.unit_of_work(Role.JOBS) as session:
        wanted = Anew(who.invoice_id, first_on, uuid.uuid4(), Plan(2, first_on))
        new = reissue(session, anew=wanted, on=TODAY, by=VISITOR).id
        token = create_links(session, wanted=[(new, EMAIL)])[0]
        rows = session.execute(
            select(PaymentReference.value, PaymentReference.whole, Claim.position)
            .join(Claim, Claim.id == PaymentReference.claim_id)
            .where(Claim.invoice_id == new)
        ).all()
    own = {0 if whole else position: value for value, whole, position in rows}
    page = opened(browser, town, settings, token)
    assert "To pay by" in page.text
    said = page.text.replace("\xa0", " ")
    assert re.search("To pay all at once, pay [^.]*500", said)
    assert all(value in said.replace(" ", "") for value in own.values())
    assert page.page.xpath("string(//button[@data-copies][1]/@data-copies)") == own[1]
    pays(town, 25000, own[1])
    browser.get(f"/i/{token}")
    shown = [" ".join(row.text_content().split()) for row in browser.page.xpath("//ul[@id='parts']/li")]
    assert ["Paid" in shown[0], "Open" in shown[1]] == [True, True]
    assert browser.page.xpath("string(//button[@data-copies][1]/@data-copies)") == own[2]
    assert "To pay all at once" not in browser.text
