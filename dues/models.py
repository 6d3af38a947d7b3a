"""The one index of all tables, read by the migrations and by the tests."""

from database.base import Base
from dues.access import models as access
from dues.audit import models as audit
from dues.collection import models as collection
from dues.dates import BusinessClock
from dues.delivery import models as delivery
from dues.groups import models as groups
from dues.groups import template_models as own_templates
from dues.invoicing import charge_models as charges
from dues.invoicing import coding_models as run_codings
from dues.invoicing import elsewhere_models as elsewhere
from dues.invoicing import instalment_models as instalments
from dues.invoicing import models as invoicing
from dues.invoicing import template_models as templates
from dues.invoicing import undo_models as undoing
from dues.journal import coding_models as codings
from dues.journal import models as journal
from dues.lists import models as lists
from dues.members import models as members
from dues.payments import models as payments
from dues.payments import source_models as sources
from dues.payments import statement_models as statements
from dues.pricing import models as pricing
from dues.runs import models as runs
from dues.settling import models as settling

metadata = Base.metadata

__all__ = [
    "BusinessClock",
    "access",
    "audit",
    "charges",
    "codings",
    "collection",
    "delivery",
    "elsewhere",
    "groups",
    "instalments",
    "invoicing",
    "journal",
    "lists",
    "members",
    "metadata",
    "own_templates",
    "payments",
    "pricing",
    "run_codings",
    "runs",
    "settling",
    "sources",
    "statements",
    "templates",
    "undoing",
]
