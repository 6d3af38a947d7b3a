"""Lists that people keep under a name, and lists that they take out of the house as files."""
