"""The workbench: what an officer sees of a payment without an invoice, and what booking and undoing lead to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.invoicing.models import Claim
from dues.payments.allocate import allocate
from dues.payments.refunds.models import Refund
from tests.admin.conftest import entered
from tests.factories import unmatched
from tests.factories.staff import PASSWORD, employ
from tests.factories.unmatched import FEE, Owing, sound
from tests.portal.town import TODAY, build_town
from tests.web.browser import Browser
from tests.web.one_app import before

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from database.connect import Database, OpenSession
    from tests.portal.town import Town
    from tests.web.waking import Woken


@pytest.fixture
def opened(town: Town) -> OpenSession:
    return town.database.opener(Role.JOBS)


@pytest.fixture
def owing(town: Town) -> Callable[[], Owing]:
    """Let somebody join and be invoiced."""
    return partial(unmatched.owing, town)


@pytest.fixture
def came(town: Town) -> Callable[..., int]:
    """Let money come that finds no invoice; the payment's number."""
    return partial(unmatched.came, town)


def left(opened: OpenSession, claim: int) -> int:
    with opened() as session:
        return session.get_one(Claim, claim).open_amount


def at(desk: Browser, name: str) -> int:
    """Which of the page's forms bears a name; those before it are the shell's."""
    return [one.get("id") for one in desk.page.forms if one.method == "POST"].index(name)


def book(desk: Browser, *, choice: str | None = None, status: int = 200) -> Browser:
    """Press Book as the page shows it, after choosing somebody else where that is said."""
    chosen = choice or desk.page.xpath("string(//input[@name='choice'][@checked]/@value)")
    return desk.submit(form=at(desk, "decide"), do="book", choice=chosen, status=status)


def test_a_miswritten_reference_is_understood_booked_and_undone(
    desk: Browser, opened: OpenSession, woken: Woken, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    who = owing()
    wrong = who.reference[:5] + str((int(who.reference[5]) + 1) % 10) + who.reference[6:]
    payment = came(reference=wrong, payer=who.name.upper())
    desk.get(f"/admin/queue/{payment}")
    assert "Same name" in desk.text
    assert "Reference differs in one digit" in desk.text
    assert "Amount is exact" in desk.text
    assert desk.page.xpath("string(//mark)") == wrong[5]
    assert "check digit does not fit" in desk.text
    shown = desk.page.xpath("string(//*[@id='happens']/p[not(@hidden)])")
    assert shown.startswith(f"Invoice {who.number} is paid. The membership runs to ")
    assert shown.endswith(f"Receipt by e-mail to {who.email}.")
    before = woken.mails
    book(desk)
    assert left(opened, who.claim) == 0
    assert woken.mails == before + 1
    assert f"500.00 SEK booked: invoice {who.number}, {who.name}." in desk.text
    desk.submit(form=1)
    assert left(opened, who.claim) == FEE
    assert desk.path.partition("?")[0] == f"/admin/queue/{payment}"
    assert "Taken back. The payment waits again." in desk.text


def test_another_choice_shows_what_happens_before_it_is_booked(
    desk: Browser, opened: OpenSession, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    one, other = owing(), owing()
    payment = came(message=f"{one.reference} {other.reference}")
    desk.get(f"/admin/queue/{payment}")
    assert len(desk.page.xpath("//input[@name='choice']")) >= 2
    book(desk, choice=f"claim-{other.claim}")
    assert (left(opened, one.claim), left(opened, other.claim)) == (FEE, FEE)
    assert desk.page.xpath("string(//input[@name='choice'][@checked]/@value)") == f"claim-{other.claim}"
    assert f"Invoice {other.number} is paid." in desk.page.xpath("string(//*[@id='happens']/p[not(@hidden)])")
    book(desk)
    assert (left(opened, one.claim), left(opened, other.claim)) == (FEE, 0)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (FEE + 700, "7.00 SEK is kept as credit for"),
        (FEE - 700, "7.00 SEK stays open. A receipt follows when all of it is paid."),
    ],
)
def test_too_much_and_too_little_say_what_becomes_of_the_difference(  # noqa: PLR0917 -- fixtures
    desk: Browser, opened: OpenSession, owing: Callable[[], Owing], came: Callable[..., int], amount: int, words: str
) -> None:
    who = owing()
    desk.get(f"/admin/queue/{came(amount, who.reference)}")
    assert words in desk.text
    book(desk)
    assert left(opened, who.claim) == max(0, FEE - amount)


def test_paid_twice_is_kept_as_credit(desk: Browser, owing: Callable[[], Owing], came: Callable[..., int]) -> None:
    who = owing()
    came(reference=who.reference)
    desk.get(f"/admin/queue/{came(reference=who.reference)}")
    assert "The invoice of this reference is paid already." in desk.text
    assert f"500.00 SEK is kept as credit for {who.name}." in desk.text
    book(desk)
    assert f"booked: credit for {who.name}." in desk.text


def test_nothing_speaks_for_anybody(desk: Browser, came: Callable[..., int]) -> None:
    desk.get(f"/admin/queue/{came(12345)}")
    assert "Nothing speaks for anybody" in desk.text
    assert not desk.page.xpath("//button[@id='book']")


def test_money_that_left_is_nobodys_and_leaves_the_queue_as_not_ours_also_by_rule(
    desk: Browser, came: Callable[..., int]
) -> None:
    payment = came(-12300, message="Bankavgift mars")
    desk.get(f"/admin/queue/{payment}")
    assert "123.00 SEK to Kassa" in desk.text
    assert "This money left the account" in desk.text
    assert not desk.page.xpath("//*[@id='case']//button")
    desk.get(desk.page.xpath("string(//*[@id='case']//a[normalize-space()='Not ours']/@href)"))
    assert "123.00 SEK to Kassa" in desk.text.replace("\xa0", " ")
    desk.submit(form=at(desk, "aside"), reason="Bankens avgift")
    assert "123.00 SEK taken out of the queue as not ours." in desk.text.replace("\xa0", " ")
    another = came(-4500, message="Bankavgift april")
    desk.get(f"/admin/queue/{another}")
    desk.get(desk.page.xpath("string(//a[normalize-space()='Make a rule']/@href)"))
    assert desk.page.xpath("//select[@name='whose']/option/@value") == ["not-ours"]
    desk.submit(form=at(desk, "rule"), by="words", words="bankavgift")
    assert "1 payment left the queue as not ours." in desk.text


def test_a_rule_suggests_whom_the_case_speaks_for_and_nobody_where_it_speaks_for_nobody(
    desk: Browser, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    who = owing()
    chosen = "//select[@name='whose']/option[@selected]"
    desk.get(f"/admin/queue/{came(message=who.reference)}/rule")
    assert who.name in desk.page.xpath(f"string({chosen})")
    desk.get(f"/admin/queue/{came(12345, payer='Okand')}/rule")
    assert desk.page.xpath(f"string({chosen}/@value)") == ""
    desk.submit(form=at(desk, "rule"), by="words", words="okand")
    assert desk.summary() == ["Say whose such payments are."]


def test_a_payment_is_split_and_what_is_left_is_said(
    desk: Browser, opened: OpenSession, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    one, other = owing(), owing()
    payment = came(2 * FEE, message=f"{one.reference} {other.reference}")
    desk.get(f"/admin/queue/{payment}/split")
    boxes = desk.page.xpath("//input[@name='amount']/@value")
    assert boxes == ["500.00", "500.00"]
    keys = desk.page.xpath("//input[@name='row']/@value")
    lowered = desk.page.xpath("//form[@id='split']")[0]
    fields = {**dict(lowered.form_values()), "do": "book"}
    sent = desk._client.post(
        desk.path,
        data={**fields, "row": keys, "amount": ["500,00", "400"]},
        environ_base=desk._environ,
        headers=desk._headers,
    )
    desk._load(desk.path, sent, 200)
    assert desk.summary() == ["100.00 SEK has no place yet. Raise an amount or add somebody."]
    assert desk.title.startswith("Error:")
    assert desk.page.xpath("//input[@name='amount']/@value") == ["500,00", "400"]
    assert (left(opened, one.claim), left(opened, other.claim)) == (FEE, FEE)
    sent = desk._client.post(
        desk.path,
        data={**fields, "row": keys, "amount": ["500,00", "500"]},
        environ_base=desk._environ,
        headers=desk._headers,
    )
    desk._load(desk.path, sent, 200)
    assert (left(opened, one.claim), left(opened, other.claim)) == (0, 0)
    assert f"invoice {one.number} and invoice {other.number}" in desk.text


def test_what_is_left_of_a_split_is_kept_for_who_paid(
    desk: Browser, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    who = owing()
    payment = came(FEE + 2500, who.reference)
    desk.get(f"/admin/queue/{payment}/split")
    desk.submit(form=at(desk, "split"), do="rest")
    assert desk.page.xpath("//input[@name='amount']/@value") == ["500.00", "25.00"]


def test_somebody_else_is_found_and_chosen(
    desk: Browser, opened: OpenSession, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    who = owing()
    payment = came(message="from aunt")
    family = who.name.split()[1]
    desk.get(f"/admin/queue/{payment}/find?find={family}")
    choice = desk.page.xpath("//a[contains(@href, 'claim-')]/@href")[0]
    desk.get(choice)
    assert "Found by you" in desk.text
    book(desk)
    assert left(opened, who.claim) == 0


def test_nobody_found_says_how_to_look(desk: Browser, came: Callable[..., int]) -> None:
    desk.get(f"/admin/queue/{came(111)}/find?find=xyzxyz")
    assert "Nobody fits “xyzxyz”" in desk.text


def test_who_comes_second_is_told_who_was_first(  # noqa: PLR0917 -- fixtures
    app: Flask, town: Town, desk: Browser, opened: OpenSession, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Bo Second", email="bo@example.org")
    who, other = owing(), owing()
    payment = came(message=f"{who.reference} {other.reference}")
    second = Browser(app).get("/admin/login").submit(email="bo@example.org", password=PASSWORD)
    desk.get(f"/admin/queue/{payment}?choice=claim-{who.claim}")
    second.get(f"/admin/queue/{payment}?choice=claim-{other.claim}")
    assert "Clerk has this payment open, too." in second.text
    book(desk)
    book(second, status=409)
    assert f"Clerk was first and booked it on {who.number}. Nothing was booked twice." in second.text
    assert (left(opened, who.claim), left(opened, other.claim)) == (0, FEE)


def test_an_invoice_that_was_paid_meanwhile_is_shown_anew(
    desk: Browser, town: Town, opened: OpenSession, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    who = owing()
    first, second = came(message=who.reference), came(message=who.reference)
    desk.get(f"/admin/queue/{second}")
    with town.database.unit_of_work(Role.JOBS) as session:
        allocate(session, payment_id=first, claim_id=who.claim, amount=FEE - 100, on=TODAY, by=COMMAND_LINE)
    book(desk, status=409)
    assert "The invoice has changed since you looked." in desk.text
    assert "499.00 SEK is kept as credit" in desk.text
    assert left(opened, who.claim) == 100


def test_the_pile_keeps_its_place_and_filter(desk: Browser, came: Callable[..., int]) -> None:
    first, second = came(71, payer="Zorro Zett"), came(72, payer="Zorro Zett")
    desk.get("/admin/queue/?q=zorro")
    assert desk.page.xpath("count(//ul[@class='bench-rows']/li)") == 2
    assert "2 wait." in desk.text
    (following,) = desk.page.xpath("//a[@data-key='j']/@href")
    assert following == f"/admin/queue/{second}?q=zorro"
    desk.get(following)
    assert desk.page.xpath("//a[@data-key='k']/@href") == [f"/admin/queue/{first}?q=zorro"]
    desk.get("/admin/queue/?reason=too+much&q=zorro")
    assert "Nothing that waits fits this search" in desk.text


def test_what_is_not_there_is_not_there(desk: Browser) -> None:
    for path in ("/admin/queue/999999999", "/admin/queue/99999999999999999999", "/admin/queue/x", "/admin/queue/0"):
        desk.get(path, status=404)
    desk.get("/admin/queue/?reason=nonsense&account=x&after=-1")


def test_the_keys_are_shown_where_they_do_something(town: Town, app: Flask, came: Callable[..., int]) -> None:
    came(33)
    with town.database.unit_of_work(Role.JOBS) as session:
        staff = employ(session, name="Cis", email="cis@example.org")
        staff.shortcuts = False
    quiet = Browser(app).get("/admin/login").submit(email="cis@example.org", password=PASSWORD)
    assert not quiet.get("/admin/queue/").page.xpath("//kbd")


def test_an_empty_pile_says_that_all_is_done_and_since_when(committing: Database, one_app: Flask, woken: Woken) -> None:
    town = build_town(committing)
    with committing.unit_of_work(Role.JOBS) as session:
        employ(session)
    desk = entered(Browser(before(one_app, committing, woken)), committing)
    assert "No payment has come in yet" in desk.get("/admin/queue/").text
    who = unmatched.owing(town)
    unmatched.came(town, reference=who.reference)
    desk.get("/admin/queue/")
    assert "Every payment has found its invoice" in desk.text
    assert "Last checked on" in desk.text


def test_what_is_not_ours_leaves_the_queue_with_a_reason_and_comes_back(
    desk: Browser, opened: OpenSession, came: Callable[..., int]
) -> None:
    payment = came(4200, payer="Hyresgästen")
    desk.get(f"/admin/queue/{payment}/not-ours")
    desk.submit(form=at(desk, "aside"))
    assert desk.summary() == ["Say why, in a few words; others will look for it."]
    desk.submit(form=at(desk, "aside"), reason="Hyra av lokalen")
    assert "42.00 SEK taken out of the queue as not ours." in desk.text.replace("\xa0", " ")
    desk.get("/admin/queue/aside")
    assert "Hyra av lokalen" in desk.text
    desk.get(f"/admin/payments/{payment}")
    assert "Taken out of the queue as not ours: Hyra av lokalen" in desk.text
    assert "Receipts that are not ours" in desk.text
    press = [one.text_content() for one in desk.page.forms if one.method == "POST"]
    desk.submit(form=next(place for place, words in enumerate(press) if "Bring back" in words))
    assert "Brought back. The payment waits again." in desk.text
    assert desk.path.partition("?")[0] == f"/admin/queue/{payment}"
    assert sound(opened)


def test_what_is_sent_back_waits_as_a_refund_to_its_payer_and_can_be_kept_after_all(
    desk: Browser, opened: OpenSession, came: Callable[..., int]
) -> None:
    payment = came(9900, payer="Främling")
    desk.get(f"/admin/queue/{payment}/send-back")
    desk.submit(form=at(desk, "aside"), reason="Ingen medlem", payer_account="SE4550000000058398257466")
    assert "99.00 SEK is to be sent back." in desk.text.replace("\xa0", " ")
    back = next(one for one in desk.page.forms if (one.action or "").partition("?")[0].endswith("/keep"))
    with opened() as session:
        told = session.scalars(select(Refund).where(Refund.payment_id == payment)).one()
        assert (told.name, told.number, told.amount, told.currency, told.state.value) == (
            *("Främling", "SE4550000000058398257466", 9900, "SEK", "proposed"),
        )
    desk.get(f"/admin/payments/{payment}")
    assert "Refund to Främling" in desk.text
    desk.post(back.action, status=200, **{name: value or "" for name, value in back.form_values()})
    assert "Brought back. The payment waits again." in desk.text
    desk.get(f"/admin/payments/{payment}")
    assert "Waits for a decision" in desk.text
    assert sound(opened)


def test_a_rule_made_from_a_case_books_what_waits_and_what_comes_later(
    desk: Browser, opened: OpenSession, woken: Woken, owing: Callable[[], Owing], came: Callable[..., int]
) -> None:
    who = owing()
    waits = came(payer="Arbetsgivaren AB", message=f"Lön till {who.name}")
    noise = came(700, payer="Bankens egen Ränta")
    desk.get(f"/admin/queue/{waits}?choice=claim-{who.claim}")
    desk.get(desk.page.xpath("string(//a[normalize-space()='Make a rule']/@href)"))
    desk.submit(form=at(desk, "rule"), by="words", words="lön")
    assert desk.summary() == ["Write at least 4 characters of what such payments say."]
    mails = woken.mails
    desk.submit(form=at(desk, "rule"), by="words", words=f"LÖN till {who.name}")
    assert "The rule is made. 1 payment is booked by it." in desk.text
    assert left(opened, who.claim) == 0
    assert woken.mails == mails + 1
    desk.get(f"/admin/payments/{waits}")
    assert "by a rule for this payer" in desk.text
    desk.get(f"/admin/queue/{noise}/rule")
    desk.submit(form=at(desk, "rule"), by="words", words="egen ränta", whose="not-ours")
    assert "1 payment left the queue as not ours." in desk.text
    later = came(800, payer="Bankens egen Ränta")
    desk.get(f"/admin/payments/{later}")
    assert "Taken out of the queue as not ours" in desk.text
    again = came(payer="Arbetsgivaren AB", message=f"Lön till {who.name}")
    desk.get(f"/admin/queue/{again}")
    assert "A rule says it is theirs" in desk.text
    desk.get("/admin/queue/rules")
    desk.submit(form=[one.text_content().strip() for one in desk.page.forms if one.method == "POST"].index("Stop"))
    assert "The rule is stopped." in desk.text
    assert sound(opened)
