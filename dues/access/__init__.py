"""Access: what each door of the house asks of whoever wants to pass."""
