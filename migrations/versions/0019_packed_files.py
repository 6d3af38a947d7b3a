"""The bytes of bank files are packed before they reach the server, which packed them more slowly."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE bank_file_chunk ALTER COLUMN content SET STORAGE EXTERNAL")
    connection = op.get_bind()
    pieces = sa.text("SELECT file_id, position FROM bank_file_chunk ORDER BY file_id, position")
    for file_id, position in connection.execute(pieces).all():
        values = {"file": file_id, "position": position}
        content = connection.execute(
            sa.text("SELECT content FROM bank_file_chunk WHERE file_id = :file AND position = :position"), values
        ).scalar_one()
        connection.execute(
            sa.text("UPDATE bank_file_chunk SET content = :content WHERE file_id = :file AND position = :position"),
            {**values, "content": zlib.compress(content, level=1)},
        )


def downgrade() -> None:
    raise NotImplementedError("Files are kept as they are stored now.")
