"""Banks' servers that files are fetched from by themselves: where, as whom, how often."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from flask_wtf import FlaskForm

from admin.addresses import door
from admin.office import server_words
from admin.setup.fields import Secret, SecretLines
from admin.setup.setting import Setting, faults
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Number, Text, Tick
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.paging import Page
from dues.payments.source_models import BankSource
from dues.payments.sources import (
    ListedSource,
    NoWayInError,
    PrivateKeyError,
    Server,
    UnknownAccountError,
    add_source,
    change_source,
    remove_source,
    source_of,
    sources_page,
)
from language import gettext_noop as _
from web.house import house, session

_SAME: Final = ("host", "port", "username", "folder", "pattern", "every_minutes", "active")


class SourceForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a bank's server is made of."""

    account = Text(
        _("Account"),
        width="short",
        hint=_("Its number or IBAN. A file for any other account is refused, as it came to the wrong place."),
    )
    host = Text(_("Server"), hint=_("The name that the bank gives, for example sftp.bank.example."))
    port = Number(_("Port"), least=1, most=65535)
    username = Text(_("User name"))
    password = Secret(
        _("Password"), optional=True, hint=_("Kept encrypted, and never shown. Empty keeps the one saved.")
    )
    private_key = SecretLines(
        _("Private key"),
        optional=True,
        hint=_("Instead of a password, where the bank asks for it; without a passphrase. Kept encrypted, never shown."),
    )
    folder = Text(_("Folder"), optional=True, hint=_("Where the files lie. Empty is the folder one comes to."))
    pattern = Text(
        _("Names of the files"), hint=_("* stands for anything: *.xml, or camt053_*. Other files are left alone.")
    )
    every_minutes = Number(_("Minutes between two visits"), least=5, most=10080, hint=_("From 5 minutes to a week."))
    active = Tick(_("Fetch files by itself"))


class SourcesView(Setting):
    """Banks' servers."""

    edits = Permission.ACCOUNTS_CHANGE
    doors: ClassVar[Doors] = doors_of(Permission.ACCOUNTS_CHANGE)
    sensitive = True
    door = "sources"
    address = "/admin/setup/bank-servers"
    words = _("Banks' servers")
    about = _("Servers of banks (SFTP) from which bank files are fetched by themselves, each file once.")
    shelf = _("Money")
    new_words = _("Add a bank's server")
    columns = (
        Column("host", _("Server"), lambda row: row.source.host),
        Column("account", _("Account"), server_words.account),
        Column("state", _("State"), lambda row: server_words.badge_of(row.source)),
        Column("fetched", _("Last fetched"), lambda row: server_words.moment(row.source.fetched_at)),
    )
    form = SourceForm
    can_delete = True
    faults = faults(
        "account",
        {
            UnknownAccountError: Fault("account", _("No bank agreement has this number. Add it first.")),
            NoWayInError: Fault("password", _("Write a password or a private key, as agreed with the bank.")),
            PrivateKeyError: Fault(
                "private_key", _("This is no private key that can be read, or it asks for a passphrase.")
            ),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedSource]:
        """Return a page of banks' servers."""
        return sources_page(session(), at=wanted.place)

    def one(self, key: str) -> BankSource | None:
        """Return a bank's server by the name that leaves the house."""
        found = source_of(session(), name=UUID(key))
        return found.source if found else None

    def key_of(self, row: BankSource | ListedSource) -> str:
        """Return that name."""
        return str(row.uuid if isinstance(row, BankSource) else row.source.uuid)

    def link(self, row: Any) -> str:
        """A row leads to the page that tries the connection."""
        return door("bank_servers.page", public_id=self.key_of(row))

    def called(self, row: BankSource) -> str:
        """Return the host's name."""
        return row.host

    def defaults(self) -> Mapping[str, Any]:
        """The port of SSH, all files, every hour."""
        return {"port": 22, "pattern": "*", "every_minutes": 60, "active": True}

    def filled(self, row: BankSource) -> Mapping[str, Any]:
        """Return a bank's server as its form shows it, without its secrets."""
        found = source_of(session(), name=row.uuid)
        return {**{name: getattr(row, name) for name in _SAME}, "account": found.number if found else ""}

    def add(self, form: Any) -> BankSource:
        """Add a bank's server."""
        return add_source(session(), place=_said(form), secret=house().settings.signing_key())

    def change(self, row: BankSource, form: Any) -> None:
        """Change a bank's server."""
        change_source(session(), source_id=row.id, place=_said(form), secret=house().settings.signing_key())

    def remove(self, row: BankSource) -> None:
        """Take a bank's server away."""
        remove_source(session(), source_id=row.id)

    def what_goes(self, _row: Any) -> str:
        """Return what happens when it is taken away."""
        return server_words.what_goes()


def _said(form: Any) -> Server:
    return Server(
        account=form.account.data,
        password=form.password.data or "",
        private_key=form.private_key.data or "",
        **{name: form[name].data for name in _SAME},
    )
