"""What tests of delivery share: a mail catcher, a session's opener, renderers of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import sessionmaker

from dues.collection.mail import ReminderRenderer
from dues.delivery import staff_mail
from dues.delivery.bind import Renderers, bound
from dues.delivery.installation import Installation
from dues.invoicing.code_mail import CodeRenderer
from dues.invoicing.mail import InvoiceRenderer
from dues.payments import used_mail
from dues.payments.mail import ReceiptRenderer
from dues.payments.refunds import mail as refund_mail
from dues.payments.returned_mail import ReturnedRenderer
from tests.delivery.catcher import Catcher, catching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from database.connect import OpenSession

INSTALLATION = Installation("https://dues.example.org", "Dues <dues@mail.example.org>", "s" * 32)


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    """A mail server of this machine."""
    with catching() as found:
        yield found


@pytest.fixture
def open_session(session: Session) -> OpenSession:
    """Opens sessions inside the test's own transaction, as the jobs' opener does outside of it."""
    return sessionmaker(session.connection(), join_transaction_mode="create_savepoint")


@pytest.fixture
def renderers() -> Renderers:
    """What renders every kind of message."""
    return bound(
        {
            "invoice": InvoiceRenderer(INSTALLATION),
            "reminder": ReminderRenderer(INSTALLATION),
            "receipt": ReceiptRenderer(INSTALLATION),
            "returned": ReturnedRenderer(INSTALLATION),
            used_mail.KIND: used_mail.UsedRenderer(INSTALLATION),
            "code": CodeRenderer(INSTALLATION),
            refund_mail.KIND: refund_mail.RefundRenderer(INSTALLATION),
            staff_mail.INVITATION: staff_mail.InvitationRenderer(INSTALLATION),
            staff_mail.APPROVAL: staff_mail.ApprovalRenderer(INSTALLATION),
        }
    )
