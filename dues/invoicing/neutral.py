"""Mails from sensitive creditors: no name, no amount, no word of membership, only a link (GDPR, article 9)."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session

from dues.delivery.envelope import envelope
from dues.delivery.forms import form
from dues.delivery.installation import Installation
from dues.delivery.post import Mail, Make, Outgoing
from dues.invoicing.access import create_links


def neutral_mails(
    session: Session, installation: Installation, wanted: Sequence[tuple[Outgoing, int]]
) -> dict[int, Make]:
    """Make a link to each message's invoice and return what makes its mail, by message id."""
    tokens = create_links(session, wanted=[(invoice_id, message.address) for message, invoice_id in wanted])
    return {
        message.id: partial(_mail, installation, message, f"{installation.base_url}/i/{token}")
        for (message, _), token in zip(wanted, tokens, strict=True)
    }


def _mail(installation: Installation, message: Outgoing, link: str) -> Mail:
    return envelope(installation, message, form("neutral", message.language).fill({"link": link}))
