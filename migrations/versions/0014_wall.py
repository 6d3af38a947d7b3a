"""The second wall: row-level security, forced, on every table whose rows belong to a group, a creditor or a person.

The first wall are the queries of the faces. This one holds where they forget: whoever connects as staff, member or
public sees and changes only rows of theirs, whatever is asked. Who asks is told at the beginning of each transaction
(`database.acting`); who is not told anything sees nothing. `docs/second-wall.md` draws it.
"""

from alembic import op

from database.sql import statements

revision = "0014"
down_revision = "0012"
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


def with_a(table: str, key: str, *, whole: bool = True) -> str:
    """Return the condition that the row of another table, which has policies of its own, is seen."""
    seen = f"EXISTS (SELECT FROM {table} seen WHERE {key} OFFSET 0)"
    return f"{ALL} OR {seen}" if whole else seen


PERSON_OF_STAFF = (
    f"{ALL} OR made_in = {NOW} OR id = ANY ({RECOGNISED})"
    " OR EXISTS (SELECT FROM membership m WHERE m.person_id = person.id OFFSET 0)"
    " OR EXISTS (SELECT FROM payer y WHERE y.payer_id = person.id OFFSET 0)"
)
# What a message is about says whose it is; one person may be a member in two groups.
MESSAGE_OF_STAFF = (
    f"{ALL} OR CASE kind"
    " WHEN 'receipt' THEN EXISTS (SELECT FROM allocation a WHERE a.id = message.subject_id OFFSET 0)"
    " WHEN 'reminder' THEN EXISTS (SELECT FROM reminder r WHERE r.id = message.subject_id OFFSET 0)"
    " WHEN 'invoice' THEN EXISTS (SELECT FROM invoice i WHERE i.id = message.subject_id OFFSET 0)"
    " ELSE person_id IS NOT NULL AND EXISTS (SELECT FROM person p WHERE p.id = message.person_id OFFSET 0) END"
)

# For each table what staff may read, and what they may write where that is less.
STAFF: dict[str, tuple[str, str | None]] = {
    "groups": (near("id"), mine("id")),
    "group_word": (near(), None),
    "creditor": (near(), mine()),
    "membership_type": (near(), mine()),
    "fee_component": (near(), mine()),
    "price_rule": (
        with_a("fee_component", "seen.id = component_id"),
        f"{ALL} OR group_id IN (SELECT group_id FROM my_groups)",
    ),
    "type_component": (
        with_a("membership_type", "seen.id = type_id"),
        (
            f"{ALL} OR EXISTS (SELECT FROM membership_type t WHERE t.id = type_id"
            " AND t.group_id IN (SELECT group_id FROM my_groups) OFFSET 0)"
        ),
    ),
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
    "posting": (
        (
            f"{ALL} OR EXISTS (SELECT FROM claim c WHERE c.id = claim_id OFFSET 0)"
            " OR EXISTS (SELECT FROM entry e WHERE e.id = entry_id OFFSET 0)"
        ),
        None,
    ),
    "membership": (mine(), None),
    "membership_status": (with_a("membership", "seen.id = membership_id"), None),
    "fee_period": (with_a("membership", "seen.id = membership_id"), None),
    "person": (PERSON_OF_STAFF, None),
    "person_word": (with_a("person", "seen.id = person_id"), None),
    "payer": (
        f"{ALL} OR made_in = {NOW} OR EXISTS (SELECT FROM membership m WHERE m.person_id = payer.person_id OFFSET 0)",
        None,
    ),
    "external_id": (
        (
            f"{ALL} OR CASE kind WHEN 'person' THEN EXISTS (SELECT FROM person p WHERE p.uuid = entity OFFSET 0)"
            " WHEN 'membership' THEN EXISTS (SELECT FROM membership m WHERE m.uuid = entity OFFSET 0)"
            " WHEN 'group' THEN EXISTS (SELECT FROM groups g WHERE g.uuid = entity OFFSET 0)"
            " WHEN 'invoice' THEN EXISTS (SELECT FROM invoice i WHERE i.uuid = entity OFFSET 0) ELSE false END"
        ),
        None,
    ),
    "invoice": (mine(), None),
    "invoice_line": (with_a("invoice", "seen.id = invoice_id"), None),
    "access_link": (with_a("invoice", "seen.id = invoice_id"), None),
    "claim": (with_a("invoice", "seen.id = invoice_id"), None),
    "claim_hold": (with_a("claim", "seen.id = claim_id"), None),
    "payment_reference": (with_a("claim", "seen.id = claim_id"), None),
    "reminder": (with_a("claim", "seen.id = claim_id"), None),
    "allocation": (
        (
            f"{ALL} OR CASE WHEN claim_id IS NULL"
            " THEN EXISTS (SELECT FROM person p WHERE p.id = allocation.person_id OFFSET 0)"
            " ELSE EXISTS (SELECT FROM claim c WHERE c.id = allocation.claim_id OFFSET 0) END"
        ),
        None,
    ),
    "credit": (with_a("person", "seen.id = person_id"), None),
    "payment": (
        (
            f"{own_books()} OR EXISTS (SELECT FROM allocation a WHERE a.payment_id = payment.id OFFSET 0)"
            " OR EXISTS (SELECT FROM payment_case k WHERE k.payment_id = payment.id OFFSET 0)"
        ),
        None,
    ),
    "payment_case": (
        f"{own_books()} OR EXISTS (SELECT FROM claim c WHERE c.id = claim_id OFFSET 0)",
        None,
    ),
    "case_visit": (with_a("payment", "seen.id = payment_id"), None),
    "payment_day": (own_books(), None),
    "bank_section": (
        (
            f"{ALL} OR EXISTS (SELECT FROM bank_agreement b WHERE b.id = agreement_id"
            " AND b.creditor_id IN (SELECT creditor_id FROM my_creditors) OFFSET 0)"
        ),
        None,
    ),
    "bank_file": (
        f"{ALL} OR actor = {ACTOR} OR EXISTS (SELECT FROM bank_section s WHERE s.file_id = bank_file.id OFFSET 0)",
        None,
    ),
    "bank_file_chunk": (with_a("bank_file", "seen.id = file_id"), None),
    "run": (f"{ALL} OR actor = {ACTOR}", None),
    "run_slice": (with_a("run", "seen.id = run_id"), None),
    "run_preview": (with_a("run", "seen.id = run_id"), None),
    "run_sum": (with_a("run", "seen.id = run_id"), None),
    "run_error": (with_a("run", "seen.id = run_id"), None),
    "price_class": (with_a("run", "seen.id = run_id"), None),
    "price_class_line": (with_a("run", "seen.id = run_id"), None),
    "invoice_item": (f"{mine()} OR EXISTS (SELECT FROM run r WHERE r.id = run_id OFFSET 0)", None),
    "reminder_item": (
        (
            f"{ALL} OR EXISTS (SELECT FROM claim c WHERE c.id = claim_id OFFSET 0)"
            " OR EXISTS (SELECT FROM run r WHERE r.id = run_id OFFSET 0)"
        ),
        None,
    ),
    "message": (MESSAGE_OF_STAFF, None),
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
    "invoice": "EXISTS (SELECT FROM access_link l WHERE l.invoice_id IN (invoice.id, invoice.credits_id) OFFSET 0)",
    "invoice_line": with_a("invoice", "seen.id = invoice_id", whole=False),
    "claim": with_a("invoice", "seen.id = invoice_id", whole=False),
    "payment_reference": with_a("claim", "seen.id = claim_id", whole=False),
    "allocation": with_a("claim", "seen.id = claim_id", whole=False),
    "person": (
        f"made_in = {NOW} OR id = ANY ({RECOGNISED})"
        " OR EXISTS (SELECT FROM invoice i WHERE i.payer_id = person.id OFFSET 0)"
    ),
    "payer": f"made_in = {NOW} OR person_id = ANY ({RECOGNISED})",
    "membership": with_a("person", "seen.id = person_id", whole=False),
    "membership_status": with_a("membership", "seen.id = membership_id", whole=False),
    "run": f"actor = {ACTOR} AND made_in = {NOW}",
    "message": with_a("person", "seen.id = person_id", whole=False),
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
    "membership_status": with_a("membership", "seen.id = membership_id", whole=False),
    "fee_period": with_a("membership", "seen.id = membership_id", whole=False),
    "payer": f"person_id = {MEMBER}",
    "invoice": f"payer_id = {MEMBER}",
    "invoice_line": with_a("invoice", "seen.id = invoice_id", whole=False),
    "claim": with_a("invoice", "seen.id = invoice_id", whole=False),
    "payment_reference": with_a("claim", "seen.id = claim_id", whole=False),
    "allocation": with_a("claim", "seen.id = claim_id", whole=False),
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
