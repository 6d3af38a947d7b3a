"""Which tables the audit log holds, and why it does not hold the others: the one list of it.

A table is added by one line here and one in its migration: ``SELECT audit_watch('table', 'kind', unsaid, secret)``, or
``audit_watch_rows`` where a condition picks the rows. A test holds that every table stands in one of the two lists, and
that the database has the triggers that the first one promises.
"""

from collections.abc import Mapping
from typing import Final

from dues.audit.models import ChangeKind

AUDITED: Final[Mapping[str, ChangeKind]] = {
    "person": ChangeKind.PERSONS,
    "payer": ChangeKind.PERSONS,
    "external_id": ChangeKind.PERSONS,
    "person_segment": ChangeKind.PERSONS,
    "person_income": ChangeKind.PERSONS,
    "membership": ChangeKind.PERSONS,
    "membership_status": ChangeKind.PERSONS,
    "message": ChangeKind.PERSONS,
    "access_link": ChangeKind.PERSONS,
    "export": ChangeKind.PERSONS,
    "groups": ChangeKind.SETTINGS,
    "logo": ChangeKind.SETTINGS,
    "creditor": ChangeKind.SETTINGS,
    "bank_agreement": ChangeKind.SETTINGS,
    "instalment_rule": ChangeKind.SETTINGS,
    "bank_source": ChangeKind.SETTINGS,
    "membership_type": ChangeKind.SETTINGS,
    "fee_component": ChangeKind.SETTINGS,
    "type_component": ChangeKind.SETTINGS,
    "price_rule": ChangeKind.SETTINGS,
    "segment": ChangeKind.SETTINGS,
    "discount": ChangeKind.SETTINGS,
    "product": ChangeKind.SETTINGS,
    "product_price": ChangeKind.SETTINGS,
    "invoice_template": ChangeKind.SETTINGS,
    "invoice_series": ChangeKind.SETTINGS,
    "own_text": ChangeKind.SETTINGS,
    "own_template": ChangeKind.SETTINGS,
    "template_use": ChangeKind.SETTINGS,
    "account": ChangeKind.SETTINGS,
    "posting_rule": ChangeKind.SETTINGS,
    "dimension": ChangeKind.SETTINGS,
    "coding_rule": ChangeKind.SETTINGS,
    "scheduled_task": ChangeKind.SETTINGS,
    "business_clock": ChangeKind.SETTINGS,
    "run": ChangeKind.MONEY,
    "entry": ChangeKind.MONEY,
    "invoice": ChangeKind.MONEY,
    "claim": ChangeKind.MONEY,
    "claim_hold": ChangeKind.MONEY,
    "allocation": ChangeKind.MONEY,
    "payment_case": ChangeKind.MONEY,
    "credit": ChangeKind.MONEY,
    "books": ChangeKind.MONEY,
    "bank_file": ChangeKind.MONEY,
    "bank_gap": ChangeKind.MONEY,
    "staff": ChangeKind.RIGHTS,
    "staff_grant": ChangeKind.RIGHTS,
    "staff_role": ChangeKind.RIGHTS,
    "role_permission": ChangeKind.RIGHTS,
    "approval": ChangeKind.RIGHTS,
    "passkey": ChangeKind.RIGHTS,
    "recovery_code": ChangeKind.RIGHTS,
    "invitation": ChangeKind.RIGHTS,
}
"""Tables whose changes are written down.

Of ``membership`` not the days it is charged and paid through (they follow from invoices), nor its status, which
``membership_status`` tells; of ``claim`` terms that were moved (what settles it are postings, holds stand in
``claim_hold``); of ``invoice`` credit notes, and of ``allocation`` what people decided (a run's stand under its entry,
one line for a slice); of ``message`` copies that somebody asked for; of ``run`` those over many members.
"""

_LEDGER: Final = "never changed once written, and proven from its rows; its entry is audited"
_DERIVED: Final = "kept by the database from tables that are audited"
_PREVIEW: Final = "what a run would do; the run is audited, and so is what it books"
_OWN: Final = "the audit log itself"

NOT_AUDITED: Final[Mapping[str, str]] = {
    "posting": _LEDGER,
    "payment": "never changed once written; its bank file is audited",
    "invoice_line": _LEDGER,
    "payment_reference": _LEDGER,
    "fee_period": "follows from invoices and payments, and is proven from them",
    "reminder": "never changed once written; its run is audited",
    "number_void": "never changed once written, with its reason",
    "settlement": _LEDGER,
    "settlement_line": _LEDGER,
    "books_closed": "never changed once written; the closed day itself is audited",
    "payee": "a frozen copy of creditor and agreement, which are audited",
    "frozen_text": "a frozen copy of names that are audited",
    "number_series": "a counter; every number is explained by the proof of the books",
    "bank_section": "part of a bank file, which is audited",
    "bank_file_chunk": "part of a bank file, which is audited",
    "payment_day": _DERIVED,
    "account_day": _DERIVED,
    "ledger_day": _DERIVED,
    "ledger_day_change": _DERIVED,
    "fetched_file": "which of a bank's files came already; the bank files themselves are audited",
    "open_claims": _DERIVED,
    "open_claims_change": _DERIVED,
    "person_word": _DERIVED,
    "group_word": _DERIVED,
    "grant_hand": "never changed once written; the grant is audited",
    "scope": "written out from grants, which are audited",
    "saved_list": "what somebody looks at under a name; it shows nothing that they do not see without it",
    "export_piece": "part of a list taken out, which is audited",
    "staff_session": "a login is a row of its own that stays, with when and where from",
    "invoice_item": _PREVIEW,
    "charge_item": _PREVIEW,
    "run_coding": _PREVIEW,
    "coding": "a frozen copy of codes that are audited",
    "charge_line": _PREVIEW,
    "series_day": "follows from a series and its run, which are audited",
    "charge_file": "what somebody sent; the run that charges it is audited",
    "elsewhere": "never changed once written; the run that took the invoice in is audited",
    "elsewhere_pdf": "never changed once written, with who sent it",
    "charge_fault": "why a table was refused; it changes nothing else",
    "reminder_item": _PREVIEW,
    "undo_item": _PREVIEW,
    "price_class": _PREVIEW,
    "price_class_line": _PREVIEW,
    "run_preview": _PREVIEW,
    "run_sum": _PREVIEW,
    "run_slice": _PREVIEW,
    "run_error": "why a run left a row out; it changes nothing else",
    "case_visit": "a courtesy between colleagues, forgotten after minutes",
    "audit_change": _OWN,
    "audit_value": _OWN,
    "audit_subject": _OWN,
    "audit_waiting": _OWN,
    "audit_chain": _OWN,
    "audit_head": _OWN,
    "audit_watched": _OWN,
}
"""Tables whose changes are not written down, and why."""
