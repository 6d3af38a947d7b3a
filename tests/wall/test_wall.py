"""The second wall: what the database shows and lets change, whatever is asked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from database.acting import act
from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.invoicing.issue import start_issue
from tests.factories.runs import finished
from tests.factories.year import RENEWED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.wall.conftest import Walled

MEMBERS: Final = "SELECT person_id FROM membership WHERE group_id = ANY (:groups)"
INVOICES: Final = "SELECT id FROM invoice WHERE group_id = ANY (:groups)"
CLAIMS: Final = f"SELECT id FROM claim WHERE invoice_id IN ({INVOICES})"
CREDITORS: Final = "SELECT id FROM creditor WHERE group_id = ANY (:groups)"
PERSONS: Final = f"{MEMBERS} UNION SELECT payer_id FROM payer WHERE person_id IN ({MEMBERS})"
PAYMENTS: Final = (
    f"SELECT id FROM payment WHERE creditor_id IN ({CREDITORS})"
    f" UNION SELECT payment_id FROM allocation WHERE claim_id IN ({CLAIMS})"
    f" UNION SELECT payment_id FROM payment_case WHERE claim_id IN ({CLAIMS})"
)

# Whose the rows of each table are, said once more and in another way: by the groups that somebody has.
REFUNDS: Final = (
    *("refund", "refund_order", "refund_payment", "credit_use", "fund", "fund_choice", "gift", "donor_identity"),
    *("order_report", "order_told"),
)
THEIRS: Final = {
    "membership": "group_id = ANY (:groups)",
    "membership_status": "membership_id IN (SELECT id FROM membership WHERE group_id = ANY (:groups))",
    "fee_period": "membership_id IN (SELECT id FROM membership WHERE group_id = ANY (:groups))",
    "person": f"id IN ({PERSONS})",
    "person_word": f"person_id IN ({PERSONS})",
    "payer": f"person_id IN ({MEMBERS})",
    "person_segment": f"person_id IN ({PERSONS})",
    "person_income": f"person_id IN ({PERSONS})",
    "credit": f"person_id IN ({PERSONS})",
    "invoice": "group_id = ANY (:groups)",
    "invoice_line": (
        f"invoice_id IN ({INVOICES}) OR membership_id IN (SELECT id FROM membership WHERE group_id = ANY (:groups))"
    ),
    "elsewhere": f"invoice_id IN ({INVOICES})",
    "elsewhere_pdf": f"invoice_id IN ({INVOICES})",
    "invoice_item": "group_id = ANY (:groups)",
    "charge_item": "group_id = ANY (:groups)",
    "invoice_template": "group_id = ANY (:groups)",
    "invoice_series": "sender_id = ANY (:groups)",
    "series_day": "series_id IN (SELECT id FROM invoice_series WHERE sender_id = ANY (:groups))",
    "charge_file": "group_id = ANY (:groups)",
    "access_link": f"invoice_id IN ({INVOICES})",
    "claim": f"invoice_id IN ({INVOICES})",
    "claim_hold": f"claim_id IN ({CLAIMS})",
    "payment_reference": f"claim_id IN ({CLAIMS})",
    "reminder": f"claim_id IN ({CLAIMS})",
    "reminder_item": f"claim_id IN ({CLAIMS})",
    "undo_item": f"invoice_id IN ({INVOICES})",
    "allocation": f"claim_id IN ({CLAIMS}) OR claim_id IS NULL AND person_id IN ({PERSONS})",
    "payment": f"id IN ({PAYMENTS})",
    "payment_case": f"creditor_id IN ({CREDITORS}) OR claim_id IN ({CLAIMS})",
    "payment_return": f"creditor_id IN ({CREDITORS})",
    "exchange": f"claim_id IN ({CLAIMS})",
    "allocation_match": f"claim_id IN ({CLAIMS})",
    "match_suggestion": f"claim_id IN ({CLAIMS})",
    "payment_day": f"creditor_id IN ({CREDITORS})",
    "payment_aside": f"creditor_id IN ({CREDITORS})",
    "payer_rule": f"creditor_id IN ({CREDITORS})",
    "deduction_line": f"creditor_id IN ({CREDITORS})",
    "posting": f"claim_id IN ({CLAIMS}) OR entry_id IN (SELECT id FROM entry WHERE creditor_id IN ({CREDITORS}))",
    "entry": f"creditor_id IN ({CREDITORS})",
    "open_claims": f"creditor_id IN ({CREDITORS})",
    "open_claims_change": f"creditor_id IN ({CREDITORS})",
    "account_day": f"agreement_id IN (SELECT id FROM bank_agreement WHERE creditor_id IN ({CREDITORS}))",
    "bank_source": f"agreement_id IN (SELECT id FROM bank_agreement WHERE creditor_id IN ({CREDITORS}))",
    "fetched_file": (
        "source_id IN (SELECT s.id FROM bank_source s JOIN bank_agreement b ON b.id = s.agreement_id"
        f" WHERE b.creditor_id IN ({CREDITORS}))"
    ),
    "ledger_day": f"creditor_id IN ({CREDITORS})",
    "ledger_day_change": f"creditor_id IN ({CREDITORS})",
    "bank_gap": f"agreement_id IN (SELECT id FROM bank_agreement WHERE creditor_id IN ({CREDITORS}))",
    "bank_section": f"agreement_id IN (SELECT id FROM bank_agreement WHERE creditor_id IN ({CREDITORS}))",
    "message": (
        f"kind = 'invoice' AND subject_id IN ({INVOICES})"
        " OR kind IN ('receipt', 'returned')"
        f" AND subject_id IN (SELECT id FROM allocation WHERE claim_id IN ({CLAIMS}))"
        f" OR kind = 'reminder' AND subject_id IN (SELECT id FROM reminder WHERE claim_id IN ({CLAIMS}))"
    ),
    "staff_grant": "group_id = ANY (:groups)",
    **dict.fromkeys(
        tuple(table for table in REFUNDS if table != "donor_identity"),
        f"creditor_id IN ({CREDITORS})",
    ),
    "settlement": f"group_id = ANY (:groups) OR creditor_id IN ({CREDITORS})",
    "settlement_line": (
        f"settlement_id IN (SELECT id FROM settlement WHERE group_id = ANY (:groups) OR creditor_id IN ({CREDITORS}))"
    ),
}
RUNS: Final = (
    "run",
    "run_slice",
    "run_preview",
    "run_sum",
    "run_error",
    "price_class",
    "price_class_line",
    "charge_line",
    "export",
    "export_piece",
    "saved_list",
)

LONE: Final = """
SELECT id, payer_id FROM invoice i
WHERE kind = 'invoice' AND NOT EXISTS (SELECT FROM invoice n WHERE n.credits_id = i.id)
ORDER BY id LIMIT 1
"""
"""An invoice that no credit note takes back."""

WITHOUT: Final = {
    "alembic_version": "the migrations' own",
    "business_clock": "one day for everybody",
    "logo": "pictures, shown to everybody who has a letter or opens a page",
    "coding": "codes of lines, the same in the books of many",
    "frozen_text": "words of lines, the same in the letters of many",
    "scheduled_task": "what begins by itself, for the whole house",
    "staff": "belongs to no group; pages of staff ask for their own permission",
    "staff_role": "belongs to no group",
    "role_permission": "belongs to no group",
    "grant_hand": "says who gave a role; pages read no row of it",
    "staff_session": "whose login it is, is asked by its token",
    "recovery_code": "asked by its owner",
    "passkey": "asked by its owner",
    "invitation": "asked by its token",
    "audit_waiting": "numbers of lines of the audit log",
    "audit_chain": "numbers and hashes of lines of the audit log",
    "audit_head": "the end of the chain",
    "audit_watched": "names of triggers",
}
"""Tables that are not behind the wall, and why."""


def walled_tables(session: Session) -> set[str]:
    return set(
        session.scalars(
            text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity")
        )
    )


def keys(session: Session, table: str, where: str = "true", groups: list[int] | None = None) -> set[str]:
    """Whole rows as text: every table has them, whatever its key is."""
    found = text(f"SELECT {table}::text FROM {table} WHERE {where}")
    return set(session.scalars(found, {"groups": groups} if groups is not None else {}))


def groups_of(walled: Walled, who: str) -> list[int]:
    made = walled.made
    return {
        "north": [made.north.id],
        "south": [made.south.id],
        "root": [made.root.id, made.north.id, made.south.id],
        "other": [walled.other.root.id, walled.other.north.id, walled.other.south.id],
    }[who]


def test_every_table_is_behind_the_wall_or_says_why_not(session: Session) -> None:
    rows = session.execute(
        text("""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS walled, array_agg(DISTINCT r.rolname) AS roles,
            max(cardinality(p.polroles)) AS together
        FROM pg_class c
        LEFT JOIN pg_policy p ON p.polrelid = c.oid
        LEFT JOIN pg_roles r ON r.oid = ANY (p.polroles)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        GROUP BY c.oid
        ORDER BY 1
        """)
    ).all()
    for table, walled, roles, together in rows:
        if table in WITHOUT:
            assert not walled, f"{table} is behind the wall after all"
            continue
        assert walled, f"{table} belongs to nobody: give it policies, or say here why it needs none"
        assert {"kontingent_staff", "kontingent_jobs"} <= set(roles), table
        assert together == 1, f"a policy of {table} is for several roles"


@pytest.mark.parametrize("role", ["kontingent_staff", "kontingent_public", "kontingent_member"])
def test_who_may_touch_a_table_has_a_policy_of_their_own(session: Session, role: str) -> None:
    found = session.scalars(
        text(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity "
            "AND (has_table_privilege(:role, c.oid, 'SELECT') OR has_any_column_privilege(:role, c.oid, 'SELECT')) "
            "AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid "
            "AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = :role)])"
        ),
        {"role": role},
    ).all()
    assert not found


def test_who_is_nobody_sees_nothing(walled: Walled) -> None:
    with walled.as_staff(None) as staff, walled.as_visitor() as visitor:
        assert {table for table in walled_tables(staff) if keys(staff, table)} == set()
        for table in (
            "person",
            "membership",
            "payer",
            "invoice",
            "claim",
            "payment_reference",
            "access_link",
            "message",
        ):
            assert keys(visitor, table) == set(), table


def test_who_has_a_grant_for_everything_sees_everything(walled: Walled) -> None:
    with walled.as_staff("centre") as staff, walled.database.opener(Role.JOBS)() as jobs:
        for table in walled_tables(staff):
            assert keys(staff, table) == keys(jobs, table), table


@pytest.mark.parametrize("who", ["north", "south", "root", "other", "centre", None])
def test_members_are_counted_by_group_as_one_by_one(walled: Walled, who: str | None) -> None:
    with walled.as_staff(who) as staff, walled.database.opener(Role.JOBS)() as jobs:
        seen = staff.scalar(text("SELECT count(*) FROM membership WHERE ended_on IS NULL"))
        assert staff.scalar(text("SELECT going_on('', 1000)")) == seen
        everybody = jobs.scalar(text("SELECT count(*) FROM membership WHERE ended_on IS NULL"))
        assert jobs.scalar(text("SELECT going_on('', 1000)")) == everybody
        assert (seen == everybody) is (who == "centre")


def test_a_run_over_a_group_is_seen_by_all_who_look_after_it_and_nobody_beside_it(walled: Walled) -> None:
    with walled.database.unit_of_work(Role.JOBS) as session:
        run = start_issue(session, on=RENEWED, by=COMMAND_LINE, group=walled.made.north.slug).id
    finished(walled.database.opener(Role.JOBS), run)
    seen = {}
    for who in ("north", "south", "root", "other", None):
        with walled.as_staff(who) as staff:
            seen[who] = [
                staff.scalar(text(f"SELECT count(*) FROM {table} WHERE {key} = :run"), {"run": run}) > 0
                for table, key in (("run", "id"), ("run_sum", "run_id"), ("run_preview", "run_id"))
            ]
    with walled.database.unit_of_work(Role.JOBS) as session:
        session.execute(text("DELETE FROM run WHERE id = :run"), {"run": run})
    nothing, all_of_it = [False] * 3, [True] * 3
    assert seen == {"north": all_of_it, "south": nothing, "root": all_of_it, "other": nothing, None: nothing}


@pytest.mark.parametrize("who", ["north", "south", "root", "other"])
def test_everybody_sees_the_rows_of_their_groups_and_no_others(walled: Walled, who: str) -> None:
    groups = groups_of(walled, who)
    with walled.as_staff(who) as staff, walled.database.opener(Role.JOBS)() as jobs:
        for table, where in THEIRS.items():
            assert keys(staff, table) == keys(jobs, table, where, groups), table
        for table in RUNS:
            assert keys(staff, table) == set(), table


@pytest.mark.parametrize("who", ["north", "south", "other"])
def test_in_the_audit_log_everybody_reads_of_their_groups_only(walled: Walled, who: str) -> None:
    others = "EXISTS (SELECT FROM audit_subject s WHERE s.change_id = id AND s.kind = 'members'"
    others += " AND s.subject_id <> ALL (:groups))"
    with walled.as_staff(who) as staff, walled.database.opener(Role.JOBS)() as jobs:
        seen = keys(staff, "audit_change")
        assert seen
        assert not seen & keys(jobs, "audit_change", others, groups_of(walled, who))


def test_the_rows_that_are_compared_are_there(walled: Walled) -> None:
    empty = {"claim_hold", "person_word", "payer", "open_claims", "charge_item", "charge_file"}
    empty |= set(REFUNDS)
    empty |= {"invoice_template", "invoice_series", "series_day", "elsewhere", "elsewhere_pdf", "ledger_day"}
    empty |= {"allocation_match", "match_suggestion", "exchange", "payment_aside", "payer_rule", "deduction_line"}
    empty |= {"payment_return"}
    with walled.as_staff("root") as staff:
        assert {table for table in THEIRS if not keys(staff, table)} - empty == set()
    with walled.as_staff("south") as staff:
        assert len(keys(staff, "payment")) == len(keys(staff, "payment_case")) + 1 == 2


def test_what_is_set_up_above_is_read_below_and_not_changed_there(walled: Walled) -> None:
    with walled.as_staff("north") as staff, walled.as_staff("other") as stranger:
        for table in (
            *("creditor", "membership_type", "fee_component", "price_rule", "type_component", "bank_agreement"),
            *("product", "product_price", "segment", "discount"),
        ):
            seen = keys(staff, table)
            assert seen, table
            assert not seen & keys(stranger, table), table
            assert _changed(staff, table) == 0, table
        assert set(staff.scalars(text("SELECT slug FROM groups"))) == {"se", "se-norr"}


def _changed(session: Session, table: str) -> int:
    column = session.scalar(
        text(
            "SELECT attname FROM pg_attribute WHERE attrelid = cast(:table AS regclass) AND attnum > 0 "
            "AND NOT attisdropped AND attidentity = '' AND attgenerated = '' ORDER BY attnum DESC LIMIT 1"
        ),
        {"table": table},
    )
    done = session.execute(text(f'UPDATE {table} SET "{column}" = "{column}"'))
    return int(done.rowcount)  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", ["membership", "person", "claim", "credit", "payment_case", "message", "groups"])
def test_nobody_changes_rows_of_others(walled: Walled, table: str) -> None:
    with walled.as_staff("north") as staff:
        mine = len(keys(staff, table)) if table != "groups" else 1
        assert _changed(staff, table) == mine
        staff.rollback()


def test_nothing_is_written_into_a_group_of_others(walled: Walled) -> None:
    with walled.as_staff("north") as staff:
        person = staff.scalar(text("SELECT min(id) FROM person"))
        into = text(
            "INSERT INTO membership (person_id, type_id, group_id, joined_on, status) "
            "SELECT :person, min(id), :group, '2027-01-01', 'applied' FROM membership_type"
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            staff.execute(into, {"person": person, "group": walled.made.south.id})


def test_a_grant_that_has_ended_shows_nothing(walled: Walled) -> None:
    with walled.database.opener(Role.JOBS)() as jobs:
        jobs.execute(
            text("UPDATE scope SET to_on = (SELECT today - 1 FROM business_clock) WHERE staff_id = :who"),
            {"who": walled.people["north"].user},
        )
        jobs.execute(text("SET ROLE kontingent_staff"))
        act(jobs, walled.people["north"])
        assert keys(jobs, "membership") == set()
        jobs.rollback()


def test_a_link_opens_its_invoice_and_nothing_else(walled: Walled) -> None:
    with walled.database.opener(Role.JOBS)() as jobs:
        invoice, payer = jobs.execute(text(LONE)).one()
    with walled.as_visitor(link=hashlib.sha256(f"link {invoice}".encode()).digest()) as visitor:
        found = visitor.execute(text("SELECT id, payer_id FROM invoice")).all()
        assert [(row.id, row.payer_id) for row in found] == [(invoice, payer)]
        assert list(visitor.scalars(text("SELECT id FROM person"))) == [payer]
        assert set(visitor.scalars(text("SELECT invoice_id FROM claim"))) == {invoice}
        assert set(visitor.scalars(text("SELECT invoice_id FROM access_link"))) == {invoice}
    with walled.database.opener(Role.JOBS)() as jobs:
        note, credited = jobs.execute(
            text("SELECT id, credits_id FROM invoice WHERE credits_id IS NOT NULL LIMIT 1")
        ).one()
    for one in (note, credited):
        with walled.as_visitor(link=hashlib.sha256(f"link {one}".encode()).digest()) as visitor:
            assert set(visitor.scalars(text("SELECT id FROM invoice"))) == {note, credited}
    with walled.as_visitor(link=b"\0" * 32) as stranger:
        assert keys(stranger, "invoice") == set()
