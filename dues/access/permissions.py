"""Permissions, named after what one does; doors ask for them."""

from enum import StrEnum


class Permission(StrEnum):
    """What staff may do."""

    DESK_USE = "desk.use"
    MEMBERS_READ = "members.read"
    MEMBERS_EDIT = "members.edit"
    INVOICES_READ = "invoices.read"
    INVOICES_ISSUE = "invoices.issue"
    INVOICES_CREDIT = "invoices.credit"
    INVOICES_SEND = "invoices.send"
    PAYMENTS_READ = "payments.read"
    PAYMENTS_ALLOCATE = "payments.allocate"
    BANK_FILES_READ = "bank_files.read"
    BANK_FILES_IMPORT = "bank_files.import"
    REMINDERS_RUN = "reminders.run"
    CLAIMS_HOLD = "claims.hold"
    MESSAGES_READ = "messages.read"
    MESSAGES_SEND = "messages.send"
    JOURNAL_READ = "journal.read"
    JOURNAL_CLOSE = "journal.close"
    RUNS_READ = "runs.read"
    RUNS_STEER = "runs.steer"
    AUDIT_READ = "audit.read"
    SETUP_READ = "setup.read"
    SETUP_EDIT = "setup.edit"
