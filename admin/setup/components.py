"""Fee components: the parts that fees are made of, who benefits, and where their revenue is booked."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from admin.setup import finding
from admin.setup.fields import Pick
from admin.setup.setting import Setting, faults, number_of
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Names, Text
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.folding import plain_word
from dues.groups.errors import SlugError
from dues.journal.earnings import AccountCodeError, NotIncomeError
from dues.paging import Page
from dues.pricing.components import account_of, change_component, remove_component, set_up_component
from dues.pricing.errors import NameTakenError
from dues.pricing.lists import ListedComponent, components_page
from dues.pricing.models import FeeComponent
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named

SHORT_NAME = _("Short name")
SHORT_NAME_HINT = _(
    "For files and other systems: small letters, digits and hyphens. Made from the name when left "
    "empty. This cannot be changed later."
)


class ComponentForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a fee component is made of."""

    names = Names(_("Name"), hint=_("As it stands on invoices. At least one language; the others read that one."))
    slug = Text(SHORT_NAME, optional=True, width="short", hint=SHORT_NAME_HINT)
    group = Pick(
        _("Used in"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("This group and those below it can charge it. This cannot be changed later."),
    )
    beneficiary = Pick(
        _("Who benefits"),
        find=finding.groups,
        source="groups.suggest",
        optional=True,
        hint=_("The group whose share it is. Leave it empty for a part that goes to each member's own group."),
    )
    account = Text(
        _("Revenue account"),
        optional=True,
        width="short",
        hint=_(
            "Its number in the books of the creditor of the group it is used in. A new account is opened "
            "where there is none with that number; the next free one where this is left empty. What is "
            "booked stays where it is."
        ),
    )


class ComponentsView(Setting):
    """The parts that fees are made of."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "components"
    address = "/admin/setup/components"
    words = _("Fee components")
    about = _(
        "The parts that fees are made of: a national fee, a local one, a magazine. Each has its own "
        "prices, its own account and its own beneficiary."
    )
    shelf = _("What is charged")
    new_words = _("Add a fee component")
    columns = (
        Column("name", _("Name"), lambda row: named(row.component.names)),
        Column("group", _("Used in"), lambda row: row.group.name),
        Column(
            "beneficiary",
            _("Who benefits"),
            lambda row: row.beneficiary.name if row.beneficiary else gettext(_("Each member's own group")),
        ),
    )
    form = ComponentForm
    fixed = ("slug", "group")
    can_delete = True
    faults = faults(
        "names",
        {
            NameTakenError: Fault(
                "slug", _("This group has a fee component with this short name. Choose another one.")
            ),
            SlugError: Fault("slug", _("Use small letters a to z and digits, words joined by single hyphens.")),
            NotIncomeError: Fault(
                "account", _("The account with this number is there for something else. Choose another number.")
            ),
            AccountCodeError: Fault("account", _("Write the number of the account in 3 to 10 digits.")),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedComponent]:
        """Return a page of components."""
        return components_page(session(), at=wanted.place)

    def one(self, key: str) -> FeeComponent | None:
        """Return a component by its number."""
        return session().get(FeeComponent, number_of(key))

    def key_of(self, row: FeeComponent | ListedComponent) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, FeeComponent) else row.component.id)

    def called(self, row: FeeComponent) -> str:
        """Return the name."""
        return named(row.names)

    def filled(self, row: FeeComponent) -> Mapping[str, Any]:
        """Return a component as its form shows it."""
        return {
            "names": row.names,
            "slug": row.slug,
            "group": finding.group(row.group_id),
            "beneficiary": finding.group(row.beneficiary_id),
            "account": account_of(session(), row),
        }

    def add(self, form: Any) -> FeeComponent:
        """Add a component."""
        return set_up_component(
            session(),
            group_id=form.group.picked,
            slug=form.slug.data or plain_word(named(form.names.data)),
            names=form.names.data,
            beneficiary_id=form.beneficiary.picked,
            account=form.account.data,
        )

    def change(self, row: FeeComponent, form: Any) -> None:
        """Change a component."""
        change_component(
            session(),
            component_id=row.id,
            names=form.names.data,
            beneficiary_id=form.beneficiary.picked,
            account=form.account.data,
        )

    def remove(self, row: FeeComponent) -> None:
        """Take a component away."""
        remove_component(session(), component_id=row.id)
