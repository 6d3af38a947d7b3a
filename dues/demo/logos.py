"""Draws small logos, so that groups look different without anybody's trademark."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.groups.models import Logo

COLOURS = ("#0b5c62", "#1f4e8c", "#6b2d73", "#8c2f39", "#a64b00", "#3d5a1e")
_SHAPES = (
    '<path d="M34 44V14l14-4v10" fill="none" stroke="#fff" stroke-width="4"/><circle cx="28" cy="46" r="8"/>',
    '<path d="M6 48 24 18l10 16 6-9 18 23z"/>',
    '<path d="M6 26q9-9 18 0t18 0 18 0M6 40q9-9 18 0t18 0 18 0" fill="none" stroke="#fff" stroke-width="4"/>',
    '<path d="M32 8c16 12 16 32 0 46-16-14-16-34 0-46z" stroke="#fff" stroke-width="2"/>',
)


def drawings() -> list[tuple[str, bytes]]:
    """Return every logo as its colour and an SVG of a few hundred bytes."""
    return [
        (
            colour,
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
            f'<rect width="64" height="64" rx="12" fill="{colour}"/><g fill="#fff">{shape}</g></svg>'.encode(),
        )
        for colour in COLOURS
        for shape in _SHAPES
    ]


def keep_logos(session: Session) -> Sequence[tuple[str, int]]:
    """Keep every logo once; return each one's colour and id."""
    drawn = [(colour, content, hashlib.sha256(content).hexdigest()) for colour, content in drawings()]
    session.execute(
        insert(Logo).on_conflict_do_nothing(index_elements=["digest"]),
        [{"media_type": "image/svg+xml", "content": content, "digest": digest} for _, content, digest in drawn],
    )
    ids = dict(session.execute(select(Logo.digest, Logo.id)).all())
    return [(colour, ids[digest]) for colour, _, digest in drawn]
