"""Face of staff: the desk, where officers see what needs them and do it."""
