"""Who works at the desk: the staff, their roles, and what waits for a second person."""
