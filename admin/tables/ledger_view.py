"""LedgerView: a long list that is read, searched and narrowed, by key in both directions, and never changed here."""

from admin.tables.base import TableView


class LedgerView(TableView):
    """A list of a table with many rows: read-only, nothing counted, each row a way to its own page."""
