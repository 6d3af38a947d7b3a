"""Puts the public face into an application: its doors and its words."""

from typing import Final

from flask import Flask

from portal import home, invoice, join, look, outbox, words

_DOORS: Final = (home.doors, join.doors, look.doors, invoice.doors, outbox.doors)


def install(app: Flask) -> None:
    """Register the doors of the public face; what all faces share stands already."""
    words.equip(app)
    for doors in _DOORS:
        app.register_blueprint(doors)
