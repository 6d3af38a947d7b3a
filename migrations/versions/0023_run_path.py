"""A run over a group is everybody's who looks after that group, not only whoever's who began it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_ACTOR = "(SELECT current_setting('app.actor', true))"

_SEES_PATH = """
CREATE FUNCTION sees_path(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.groups g WHERE g.path = wanted AND public.sees_group(g.id));
END
$$
"""
_SEES_RUN = """
CREATE OR REPLACE FUNCTION sees_run(wanted bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.run r
        WHERE r.id = wanted AND (r.actor = current_setting('app.actor', true) {more})
    );
END
$$
"""


def upgrade() -> None:
    op.add_column("run", sa.Column("path", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False))
    # What was begun for a group before: previews and invoices of it, files of its accounts.
    op.execute(
        "UPDATE run SET path = params ->> 'scope'"
        " WHERE kind = 'invoices' AND params ->> 'memberships' IS NULL AND params ->> 'scope' <> ''"
    )
    op.execute("UPDATE run SET path = f.path FROM bank_file f WHERE f.run_id = run.id AND f.path <> ''")
    op.execute(_SEES_PATH)
    op.execute(_SEES_RUN.format(more="OR r.path <> '' AND public.sees_path(r.path)"))
    _let_see(f"{_ALL} OR actor = {_ACTOR} OR path <> '' AND sees_path(path)")


def downgrade() -> None:
    _let_see(f"{_ALL} OR actor = {_ACTOR}")
    op.execute(_SEES_RUN.format(more=""))
    op.execute("DROP FUNCTION sees_path(text)")
    op.drop_column("run", "path")


def _let_see(whom: str) -> None:
    op.execute(f"ALTER POLICY staff ON run USING ({whom})")
