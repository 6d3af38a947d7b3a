"""How often one address may press: enough for a school's whole class, too little to try out links and codes."""

from typing import Final

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from settings import Settings

JOIN: Final = "30 per minute; 300 per hour"
CODE: Final = "6 per minute; 30 per hour"
LOOK: Final = "60 per minute"
TYPED: Final = "300 per minute"
"""What a script asks while somebody types."""
LOGIN: Final = "10 per minute; 60 per hour"
TRIES: Final = "10 per 15 minutes"
"""For one login, whether it exists or not, from wherever the tries come."""

limiter: Final = Limiter(get_remote_address)


def limit(app: Flask, settings: Settings) -> None:
    """Count in Redis where there is one; when it is gone, count in this process and let people in."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", _storage(settings.redis_url))
    if settings.redis_url:
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", {"socket_connect_timeout": 0.5, "socket_timeout": 0.5})
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    # A window that moves: a fixed one lets twice as many through around the full minute.
    app.config.setdefault("RATELIMIT_STRATEGY", "moving-window")
    app.config["RATELIMIT_KEY_PREFIX"] = "kontingent"
    limiter.init_app(app)


def _storage(redis_url: str | None) -> str:
    if redis_url is None:
        return "memory://"
    return redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url
