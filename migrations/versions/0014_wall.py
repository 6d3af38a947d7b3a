"""The second wall: row-level security, forced, on every table whose rows belong to a group, a creditor or a person.

The first wall are the queries of the faces. This one holds where they forget: whoever connects as staff, member or
public sees and changes only rows of theirs, whatever is asked. Who asks is told at the beginning of each transaction
(`database.acting`); who is not told anything sees nothing. `docs/second-wall.md` draws it.
"""

from alembic import op

from database.sql import statements

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None

ALL = "(SELECT current_setting('app.all', true) = '1')"
ME = "(SELECT nullif(current_setting('app.user', true), '')::bigint)"
ACTOR = "(SELECT current_setting('app.actor', true))"
NOW = "(SELECT pg_current_xact_id_if_assigned())"
RECOGNISED = "(SELECT string_to_array(current_setting('app.recognised', true), ','))::bigint[]"
LINK = "(SELECT decode(current_setting('app.link', true), 'hex'))"
MEMBER = "(SELECT nullif(current_setting('app.member', true), '')::bigint)"


def mine(group: str = "group_id") -> str:
    """Return the condition that a group is one of those in which somebody has a grant, or lies below one."""
    return f"{ALL} OR {group} IN (SELECT group_id FROM my_groups)"


def near(group: str = "group_id") -> str:
    """Return the condition that a group is one of theirs, or above one: what it has set up holds for theirs, too."""
    return f"{ALL} OR {group} IN (SELECT group_id FROM my_surroundings)"


def own_books(creditor: str = "creditor_id") -> str:
    """Return the condition that a creditor's group is one of theirs."""
    return f"{ALL} OR {creditor} IN (SELECT creditor_id FROM my_creditors)"


def near_books(creditor: str = "creditor_id") -> str:
    """Return the condition that a creditor's group is one of theirs, or above one."""
    return f"{ALL} OR {creditor} IN (SELECT creditor_id FROM creditors_around_me)"


def with_a(table: str, key: str) -> str:
    """Return the condition that the row of another table, which has policies of its own, is seen by a visitor."""
    return f"EXISTS (SELECT FROM {table} seen WHERE {key} OFFSET 0)"


# For each table what staff may read, and what they may write where that is less. Whose a row is, where it does not say
# so itself, is asked of functions: a policy that looked into other tables would be planned, with theirs, in every
# statement, also for those who see everything (2 ms each time, measured).
STAFF: dict[str, tuple[str, str | None]] = {
    "groups": (near("id"), mine("id")),
    "group_word": (near(), None),
    "creditor": (near(), mine()),
    "membership_type": (near(), mine()),
    "fee_component": (near(), mine()),
    "price_rule": (f"{ALL} OR component_around_me(component_id)", mine()),
    "type_component": (f"{ALL} OR type_around_me(type_id)", f"{ALL} OR type_of_mine(type_id)"),
    "own_text": (near(), mine()),
    "bank_agreement": (near_books(), own_books()),
    "account": (near_books(), own_books()),
    "posting_rule": (near_books(), own_books()),
    "payee": (near_books(), None),
    "books": (near_books(), None),
    "books_closed": (near_books(), own_books()),
    "number_series": (near_books(), None),
    "number_void": (near_books(), None),
    "entry": (f"{own_books()} OR actor = {ACTOR}", near_books()),
    "posting": (f"{ALL} OR sees_claim(claim_id) OR sees_entry(entry_id)", None),
    "membership": (mine(), None),
    "membership_status": (f"{ALL} OR sees_membership(membership_id)", None),
    "fee_period": (f"{ALL} OR sees_membership(membership_id)", None),
    "person": (f"{ALL} OR made_in = {NOW} OR id = ANY ({RECOGNISED}) OR sees_person(id)", None),
    "person_word": (f"{ALL} OR sees_person(person_id)", None),
    "payer": (f"{ALL} OR made_in = {NOW} OR sees_member(person_id)", None),
    "external_id": (f"{ALL} OR sees_entity(kind, entity)", None),
    "invoice": (mine(), None),
    "invoice_line": (f"{ALL} OR sees_invoice(invoice_id)", None),
    "access_link": (f"{ALL} OR sees_invoice(invoice_id)", None),
    "claim": (f"{ALL} OR sees_invoice(invoice_id)", None),
    "claim_hold": (f"{ALL} OR sees_claim(claim_id)", None),
    "payment_reference": (f"{ALL} OR sees_claim(claim_id)", None),
    "reminder": (f"{ALL} OR sees_claim(claim_id)", None),
    # What is kept as a person's credit is theirs; what was used for a claim is the claim's.
    "allocation": (
        f"{ALL} OR CASE WHEN claim_id IS NULL THEN sees_person(person_id) ELSE sees_claim(claim_id) END",
        None,
    ),
    "credit": (f"{ALL} OR sees_person(person_id)", None),
    "payment": (f"{own_books()} OR sees_use_of(id)", None),
    "payment_case": (f"{own_books()} OR sees_claim(claim_id)", None),
    "case_visit": (f"{ALL} OR sees_payment(payment_id)", None),
    "payment_day": (own_books(), None),
    "bank_section": (f"{ALL} OR sees_agreement(agreement_id)", None),
    "bank_file": (f"{ALL} OR actor = {ACTOR} OR sees_section_of(id)", None),
    "bank_file_chunk": (f"{ALL} OR sees_file(file_id)", None),
    "run": (f"{ALL} OR actor = {ACTOR}", None),
    "run_slice": (f"{ALL} OR sees_run(run_id)", None),
    "run_preview": (f"{ALL} OR sees_run(run_id)", None),
    "run_sum": (f"{ALL} OR sees_run(run_id)", None),
    "run_error": (f"{ALL} OR sees_run(run_id)", None),
    "price_class": (f"{ALL} OR sees_run(run_id)", None),
    "price_class_line": (f"{ALL} OR sees_run(run_id)", None),
    "invoice_item": (f"{mine()} OR sees_run(run_id)", None),
    "reminder_item": (f"{ALL} OR sees_claim(claim_id) OR sees_run(run_id)", None),
    "message": (f"{ALL} OR sees_subject(kind, subject_id, person_id)", None),
    "open_claims": (own_books(), None),
    "open_claims_change": (own_books(), None),
    "staff_grant": (f"{mine()} OR staff_id = {ME}", mine()),
    "scope": (f"{ALL} OR staff_id = {ME}", ALL),
    "approval": (f"{mine()} OR proposed_by = {ME}", None),
}

# A visitor sees what everybody may see, what they have just written themselves, whom they have proved to know, and
# what hangs on the link that they hold.
PUBLIC: dict[str, str] = {
    "groups": "true",
    "group_word": "true",
    "creditor": "true",
    "membership_type": "true",
    "type_component": "true",
    "fee_component": "true",
    "price_rule": "true",
    "own_text": "true",
    "payee": "true",
    "bank_agreement": "true",
    "access_link": f"token_hash = {LINK}",
    "invoice": "behind_link(id)",
    "invoice_line": with_a("invoice", "seen.id = invoice_id"),
    "claim": with_a("invoice", "seen.id = invoice_id"),
    "payment_reference": with_a("claim", "seen.id = claim_id"),
    "allocation": with_a("claim", "seen.id = claim_id"),
    "person": (
        f"made_in = {NOW} OR id = ANY ({RECOGNISED})"
        " OR EXISTS (SELECT FROM invoice i WHERE i.payer_id = person.id OFFSET 0)"
    ),
    "payer": f"made_in = {NOW} OR person_id = ANY ({RECOGNISED})",
    "membership": with_a("person", "seen.id = person_id"),
    "membership_status": with_a("membership", "seen.id = membership_id"),
    "run": f"actor = {ACTOR} AND made_in = {NOW}",
    "message": with_a("person", "seen.id = person_id"),
}

# A member sees themselves and what is theirs; the member's face stands on this.
MEMBERS: dict[str, str] = {
    "groups": "true",
    "group_word": "true",
    "creditor": "true",
    "membership_type": "true",
    "type_component": "true",
    "fee_component": "true",
    "price_rule": "true",
    "own_text": "true",
    "payee": "true",
    "bank_agreement": "true",
    "person": f"id = {MEMBER}",
    "membership": f"person_id = {MEMBER}",
    "membership_status": with_a("membership", "seen.id = membership_id"),
    "fee_period": with_a("membership", "seen.id = membership_id"),
    "payer": f"person_id = {MEMBER}",
    "invoice": f"payer_id = {MEMBER}",
    "invoice_line": with_a("invoice", "seen.id = invoice_id"),
    "claim": with_a("invoice", "seen.id = invoice_id"),
    "payment_reference": with_a("claim", "seen.id = claim_id"),
    "allocation": with_a("claim", "seen.id = claim_id"),
    "message": f"person_id = {MEMBER}",
}


def upgrade() -> None:
    op.execute(statements("migrations/sql/wall.sql"))
    for table, (read, write) in STAFF.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        # The owner migrates and answers for functions that look for others; jobs work for everybody.
        op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
        _staff(table, read, write)
        if table in PUBLIC:
            check = "true" if table in {"person", "payer", "run"} else f"({PUBLIC[table]})"
            op.execute(
                f"CREATE POLICY public ON {table} TO kontingent_public USING ({PUBLIC[table]}) WITH CHECK ({check})"
            )
        if table in MEMBERS:
            op.execute(f"CREATE POLICY member ON {table} FOR SELECT TO kontingent_member USING ({MEMBERS[table]})")


def _staff(table: str, read: str, write: str | None) -> None:
    """Let staff read what is theirs and write no more than that; anybody's new person, payer and run is theirs."""
    if write is None:
        check = "true" if table in {"person", "payer", "run", "open_claims_change"} else f"({read})"
        op.execute(f"CREATE POLICY staff ON {table} TO kontingent_staff USING ({read}) WITH CHECK ({check})")
        return
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")
    new = mine("parent_id") if table == "groups" else write
    op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({new})")
    op.execute(
        f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff USING ({write}) WITH CHECK ({write})"
    )
    op.execute(f"CREATE POLICY staff_removes ON {table} FOR DELETE TO kontingent_staff USING ({write})")


def downgrade() -> None:
    raise NotImplementedError("A wall is not taken down by going back.")
