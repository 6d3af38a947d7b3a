"""Public face: join, pay, read an invoice."""
