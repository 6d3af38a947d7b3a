"""The audit log: who changed what, from what to what, when, from where and why; chained, and proven from its rows."""
