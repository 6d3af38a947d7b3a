"""The ground: engine, roles, session, base types, and the embedded servers."""
