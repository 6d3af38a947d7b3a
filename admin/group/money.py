"""The money of a group: the account its members pay to, what came, what waits, and what others collected for it."""

from typing import Final
from uuid import UUID

from flask import abort, render_template

from admin.addresses import address, door
from admin.group.account import account_words
from admin.group.here import group_doors, this_group
from admin.office.settlements import statement_page
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.account_of import account_of
from dues.payments.pile import MOST, Wanted, how_many
from dues.payments.queries import came_in
from dues.settling.owed import owed_to
from dues.settling.statement import settlement, settlements
from language import gettext_noop as _
from web.house import session
from web.speech import gettext

doors = group_doors("group_money", "/money")

_DAYS: Final = 10
_PAST: Final = 20


@doors.get("/")
@permission(Permission.PAYMENTS_READ)
def page() -> str:
    """Show it."""
    here = this_group()
    account = account_of(session(), group_id=here.id)
    return render_template(
        "group/money/page.html",
        account=account,
        account_words=account_words(account),
        waiting=how_many(session(), Wanted(path=here.path)),
        most=MOST,
        days=came_in(session(), path=here.path, limit=_DAYS),
        owed=owed_to(session(), path=here.path, through=today(session())),
        past=settlements(session(), path=here.path, limit=_PAST),
        queue=address("queue.pile"),
        files=address("bank_files.files"),
    )


@doors.get("/settlements/<uuid:public_id>")
@permission(Permission.PAYMENTS_READ)
def statement(public_id: UUID) -> str:
    """Show what was settled with the group, to be printed."""
    found = settlement(session(), public_id=public_id, path=this_group().path)
    if found is None:
        abort(404)
    return statement_page(found, back=door("group_money.page"), words=gettext(_("Money")))
