"""Members: persons, payers, membership types, and memberships with their history."""
