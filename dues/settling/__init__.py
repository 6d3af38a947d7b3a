"""Settling: what a creditor collected for other groups, what it has settled with them, and what it still owes."""
