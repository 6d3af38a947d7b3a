"""Detailed accounting: which account and dimensions lines get by rules, and that credit notes give the same back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from database.connect import Database, Role
from dues.actor import Actor
from dues.invoicing.models import Invoice, InvoiceLine
from dues.invoicing.one_off import Wanted, WantedLine
from dues.invoicing.one_off_write import issue_one_off
from dues.journal.coding import CodingRules, contents
from dues.journal.coding_models import CodingRule, Dimension
from dues.journal.models import Account, AccountKind, AccountRole, Posting
from dues.journal.set_coding import (
    NoSuchAccountError,
    Ruled,
    SameRuleError,
    SaysNothingError,
    add_rule,
    dimensions_of,
    drop_rule,
    rules_of,
    set_dimensions,
)
from dues.journal.verify import verify
from dues.payments.credit_invoice import credit_invoice
from tests.factories.members import member
from tests.factories.organisation import Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import issued, opener

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = dt.date(2026, 3, 10)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session) -> Organisation:
    found = organisation(session)
    set_dimensions(session, creditor_id=found.creditor.id, names=[{"en": "Cost centre"}, {"en": "Project"}])
    return found


def booked(session: Session) -> set[tuple[str, tuple[str, ...], int]]:
    """Return what was booked: the revenue account, the codes and the amount of each posting."""
    rows = session.execute(select(Posting, Account).join(Account, Account.id == Posting.credit_account_id)).all()
    sets = contents(session, codings=[row.coding_id for row, _account in rows])
    return {
        (account.code, tuple(one["code"] for one in sets.get(row.coding_id or 0, ())), row.amount)
        for row, account in rows
        if account.role is AccountRole.INCOME
    }


def earning(session: Session, made: Organisation, code: str) -> None:
    creditor = made.creditor
    kinds = {"kind": AccountKind.INCOME, "role": AccountRole.INCOME}
    session.add(Account(creditor_id=creditor.id, code=code, names={"en": "x"}, currency=creditor.currency, **kinds))
    session.flush()


def test_lines_get_account_and_dimensions_by_group_and_part_and_the_nearest_wins(
    session: Session, made: Organisation
) -> None:
    earning(session, made, "3999")
    add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("100", "P1")))
    add_rule(session, creditor=made.creditor, ruled=Ruled(group_id=made.north.id, codes=("410", "")))
    add_rule(session, creditor=made.creditor, ruled=Ruled(component_id=made.national.id, account="3999"))
    for group in (made.north, made.south):
        member(session, made, group=group, joined_on=DAY)
    issued(opener(session), on=DAY)
    found = booked(session)
    assert {codes for _account, codes, _amount in found} == {("410", "P1"), ("100", "P1")}
    assert {account for account, codes, _amount in found if codes == ("410", "P1")} >= {"3999"}
    assert session.scalars(select(InvoiceLine.coding_id).where(InvoiceLine.coding_id.is_(None))).all() == []


def test_a_credit_note_gives_the_same_dimensions_back(session: Session, made: Organisation) -> None:
    add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("100", "")))
    member(session, made, joined_on=DAY)
    issued(opener(session), on=DAY)
    invoice = session.scalars(select(Invoice)).one()
    credit_invoice(session, invoice_id=invoice.id, on=DAY, by=OFFICER)
    postings = session.scalars(select(Posting)).all()
    assert len({row.coding_id for row in postings}) == 1
    assert postings[0].coding_id is not None
    assert len(postings) % 2 == 0


def test_the_books_hold_with_accounts_and_dimensions_of_rules(committing: Database) -> None:
    begun = committing.opener(Role.JOBS)
    with begun() as session, session.begin():
        made = organisation(session)
        set_dimensions(session, creditor_id=made.creditor.id, names=[{"en": "Cost centre"}])
        earning(session, made, "3999")
        add_rule(session, creditor=made.creditor, ruled=Ruled(account="3999", codes=("100",)))
        member(session, made, joined_on=DAY)
    issued(begun, on=DAY)
    with begun() as session, session.begin():
        credit_invoice(session, invoice_id=session.scalars(select(Invoice.id)).one(), on=DAY, by=OFFICER)
    with begun() as session:
        assert verify(session).ok


def test_what_is_sold_is_coded_by_its_product_and_a_free_line_keeps_its_account(
    session: Session, made: Organisation
) -> None:
    earning(session, made, "3999")
    book = product(session, group=made.root)
    add_rule(session, creditor=made.creditor, ruled=Ruled(product_id=book.id, account="3999", codes=("", "BOOK")))
    own = session.scalars(select(Account.id).where(Account.role == AccountRole.INCOME, Account.code != "3999")).first()
    lines = [
        WantedLine(Decimal(1), 100_00, product_id=book.id, text="", account_id=None),
        WantedLine(Decimal(1), 50_00, product_id=None, text="Hall", account_id=own),
    ]
    who = member(session, made, joined_on=DAY).person_id
    wanted = Wanted(group_id=made.root.id, person_id=who, due_on=DAY, lines=lines)
    issue_one_off(session, wanted=wanted, key=uuid4(), on=DAY, by=OFFICER)
    found = booked(session)
    assert ("3999", ("BOOK",), 100_00) in found
    assert {codes for account, codes, _amount in found if account != "3999"} == {()}


@pytest.mark.parametrize("ruled", [True, False])
def test_codes_written_by_hand_go_before_rules(session: Session, made: Organisation, *, ruled: bool) -> None:
    if ruled:
        add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("100", "P1")))
    own = session.scalars(select(Account.id).where(Account.role == AccountRole.INCOME)).first()
    line = WantedLine(Decimal(1), 50_00, text="Hall", account_id=own, codes={1: "999"})
    who = member(session, made, joined_on=DAY).person_id
    wanted = Wanted(group_id=made.root.id, person_id=who, due_on=DAY, lines=[line])
    issue_one_off(session, wanted=wanted, key=uuid4(), on=DAY, by=OFFICER)
    assert {codes for _account, codes, _amount in booked(session)} == {("999", "P1") if ruled else ("999",)}


def test_without_rules_nothing_is_coded(session: Session, made: Organisation) -> None:
    member(session, made, joined_on=DAY)
    issued(opener(session), on=DAY)
    assert set(session.scalars(select(Posting.coding_id))) == {None}
    assert set(session.scalars(select(InvoiceLine.coding_id))) == {None}


def test_rules_that_say_nothing_or_the_same_are_refused(session: Session, made: Organisation) -> None:
    with pytest.raises(SaysNothingError):
        add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("", " ")))
    with pytest.raises(NoSuchAccountError):
        add_rule(session, creditor=made.creditor, ruled=Ruled(account="9999"))
    add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("1", "")))
    with pytest.raises(SameRuleError):
        add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("2", "")))


def test_a_dimension_that_goes_takes_its_codes_along(session: Session, made: Organisation) -> None:
    only = add_rule(session, creditor=made.creditor, ruled=Ruled(codes=("1", "")))
    both = add_rule(session, creditor=made.creditor, ruled=Ruled(group_id=made.north.id, codes=("1", "P")))
    set_dimensions(session, creditor_id=made.creditor.id, names=[{}, {"en": "Project"}])
    assert [one.position for one in dimensions_of(session, creditor_id=made.creditor.id)] == [2]
    assert [one.id for one in rules_of(session, creditor_id=made.creditor.id)] == [both.id]
    assert only.id != both.id
    drop_rule(session, creditor_id=made.creditor.id, rule_id=both.id)
    assert rules_of(session, creditor_id=made.creditor.id) == []


PATHS = ("1.", "1.2.", "1.2.3.", "1.4.")
RULES = st.lists(
    st.tuples(
        st.sampled_from(["", *PATHS]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 7, 8]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=8,
    unique_by=lambda one: one[:2],
)


@given(RULES, st.sampled_from(PATHS), st.sampled_from([1, 2, 3]))
def test_the_most_specific_rule_that_says_something_wins(
    said: list[tuple[str, int | None, int | None, str]], path: str, component: int
) -> None:
    rules = [
        (above, CodingRule(component_id=part, account_id=account, codes={"5": code} if code else {}))
        for above, part, account, code in said
    ]
    rules.sort(key=lambda one: (len(one[0]), one[1].component_id is not None))
    dimension = Dimension(id=5, position=1, names={"en": "x"})
    found = CodingRules({9: rules}, {5: dimension}).resolve(9, path, component_id=component, product_id=None)
    fit = [one for one in said if path.startswith(one[0]) and one[1] in (None, component)]
    rank = {one: (len(one[0]), one[1] is not None) for one in fit}
    best = max((one for one in fit if one[2]), key=lambda one: rank[one], default=None)
    assert found.account_id == (best[2] if best else None)
    coded = max((one for one in fit if one[3]), key=lambda one: rank[one], default=None)
    assert found.content == (((5, coded[3]),) if coded else ())
