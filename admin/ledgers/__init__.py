"""The long lists of the desk: persons, memberships, invoices, claims, payments, the journal, messages."""
