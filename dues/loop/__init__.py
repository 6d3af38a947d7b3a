"""The loop of a member's year: one verb for each of its arrows."""
