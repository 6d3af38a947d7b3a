"""The embedded PostgreSQL and Redis: started when first used, stopped when the last user is gone."""

from database.embedded.errors import EmbeddedError
from database.embedded.users import Reviver, Servers, servers

__all__ = ["EmbeddedError", "Reviver", "Servers", "servers"]
