"""The small tables that are set up at the desk, in the order of the page that names them."""

from typing import Final

from admin.setup.agreements import AgreementsView
from admin.setup.coding import CodingView
from admin.setup.components import ComponentsView
from admin.setup.creditors import CreditorsView
from admin.setup.discounts import DiscountsView
from admin.setup.funds import FundsView
from admin.setup.groups import GroupsView
from admin.setup.instalments import InstalmentsView
from admin.setup.layouts import LayoutsView
from admin.setup.limits import LimitsView
from admin.setup.matching import MatchingView
from admin.setup.overpaid import OverpaidView
from admin.setup.prices import PricesView
from admin.setup.products import ProductsView
from admin.setup.returned import ReturnedView
from admin.setup.schedule import ScheduleView
from admin.setup.segments import SegmentsView
from admin.setup.sources import SourcesView
from admin.setup.texts import TextsView
from admin.setup.types import TypesView
from admin.staff.roles import RolesView
from admin.tables.setup_view import SetupView

SETUPS: Final[tuple[type[SetupView], ...]] = (
    *(GroupsView, CreditorsView, AgreementsView, TypesView, ComponentsView, PricesView, ProductsView, TextsView),
    *(SegmentsView, DiscountsView),
    InstalmentsView,
    LayoutsView,
    SourcesView,
    CodingView,
    ReturnedView,
    MatchingView,
    OverpaidView,
    FundsView,
    *(ScheduleView, LimitsView, RolesView),
)
