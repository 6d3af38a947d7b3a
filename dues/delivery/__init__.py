"""Delivery: the outbox of messages and the channels that carry them."""
