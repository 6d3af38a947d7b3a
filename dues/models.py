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
from dues.invoicing import gift_models as fund_choices
from dues.invoicing import instalment_models as instalments
from dues.invoicing import models as invoicing
from dues.invoicing import slip_models as slips
from dues.invoicing import template_models as templates
from dues.invoicing import undo_models as undoing
from dues.journal import coding_models as codings
from dues.journal import fund_models as funds
from dues.journal import models as journal
from dues.lists import models as lists
from dues.members import models as members
from dues.payments import aside_models as asides
from dues.payments import exchange_models as exchanges
from dues.payments import match_models as matching
from dues.payments import models as payments
from dues.payments import return_models as returns
from dues.payments import source_models as sources
from dues.payments import statement_models as statements
from dues.payments.gifts import models as gifts
from dues.payments.refunds import models as refunds
from dues.payments.refunds import report_models as reports
from dues.pricing import models as pricing
from dues.runs import models as runs
from dues.settling import models as settling

metadata = Base.metadata

__all__ = [
    "BusinessClock",
    "access",
    "asides",
    "audit",
    "charges",
    "codings",
    "collection",
    "delivery",
    "elsewhere",
    "exchanges",
    "fund_choices",
    "funds",
    "gifts",
    "groups",
    "instalments",
    "invoicing",
    "journal",
    "lists",
    "matching",
    "members",
    "metadata",
    "own_templates",
    "payments",
    "pricing",
    "refunds",
    "reports",
    "returns",
    "run_codings",
    "runs",
    "settling",
    "slips",
    "sources",
    "statements",
    "templates",
    "undoing",
]
