"""The journal: accounts, posting rules, entries and postings, close, and the proof of every invariant."""
