"""Establishes groups, creditors and bank agreements: what an organisation sets up before its first fee."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Required, TypedDict, Unpack

import psycopg
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dues.folding import folded
from dues.groups.accounts import account_number
from dues.groups.errors import AccountInUseError, AlreadyCreditorError, ReferenceLengthError, SlugError, SlugTakenError
from dues.groups.models import BankAgreement, Creditor, Group, Logo, ReferenceKind

DEFAULT_COLOUR = "#0b5c62"
REFERENCE_LENGTHS = range(6, 18)
_ONE_EACH: Final = "uq_bank_agreement_scheme_number_currency"
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def add_group(
    session: Session,
    *,
    name: str,
    slug: str,
    parent: Group | None,
    language: str,
    country: str,
    joinable: bool = False,
    colour: str = DEFAULT_COLOUR,
    welcome: Mapping[str, str] | None = None,
    logo: Logo | None = None,
    own_prices: bool = False,
) -> Group:
    """Add a group to the tree, below a parent or (None) as a root; it has its parent's creditor.

    ``language`` and ``country`` are codes (``nb``, ``NO``), ``colour`` is ``#rrggbb`` in lower case, ``welcome``
    maps languages to texts. Raises SlugError.
    """
    refuse_slug(session, slug)
    group_id = session.scalars(select(func.nextval("groups_id_seq"))).one()
    group = Group(
        id=group_id,
        parent_id=None if parent is None else parent.id,
        path=f"{'' if parent is None else parent.path}{group_id}.",
        slug=slug,
        name=name,
        name_key=folded(name),
        language=language,
        country=country,
        creditor_id=None if parent is None else parent.creditor_id,
        joinable=joinable,
        colour=colour,
        welcome=dict(welcome or {}),
        logo_id=None if logo is None else logo.id,
        own_prices=own_prices,
    )
    session.add(group)
    session.flush()
    return group


def refuse_slug(session: Session, slug: str) -> None:
    """Raise SlugError for an address that is not plain, and SlugTakenError for one that another group has."""
    refuse_plain(slug)
    if session.scalar(select(Group.id).where(Group.slug == slug)) is not None:
        raise SlugTakenError(slug)


def refuse_plain(slug: str) -> None:
    """Raise SlugError for what is no plain word of addresses."""
    if not _PLAIN.fullmatch(slug):
        raise SlugError(slug, "use small letters a to z and digits, words joined by single hyphens")


class CreditorDetails(TypedDict, total=False):
    """What a creditor is made with; days are from issue to due date and from due date to reminder."""

    name: Required[str]
    org_number: Required[str]
    currency: Required[str]
    street: Required[str]
    postcode: Required[str]
    city: Required[str]
    email: Required[str]
    phone: str
    country: str
    sensitive: bool
    payment_days: int
    reminder_days: int
    max_reminders: int
    one_invoice: bool
    sms: bool


def make_creditor(session: Session, *, group: Group, **details: Unpack[CreditorDetails]) -> Creditor:
    """Give a group books of its own; everything below it that has no nearer creditor belongs to it from now on.

    ``currency`` is an ISO 4217 code; ``country`` is the group's where none is given; ``sensitive`` is on unless it
    is switched off. Raises AlreadyCreditorError.
    """
    if session.scalar(select(Creditor.id).where(Creditor.group_id == group.id)) is not None:
        raise AlreadyCreditorError(group.name)
    creditor = Creditor(group_id=group.id, **{"country": group.country, **details})
    session.add(creditor)
    session.flush()
    _hand_down(session, group=group, creditor=creditor)
    return creditor


def _hand_down(session: Session, *, group: Group, creditor: Creditor) -> None:
    """Everything below with the same creditor as the group had inherited it from above; others have a nearer one."""
    before = session.scalar(select(Group.creditor_id).where(Group.id == group.id))
    session.execute(
        update(Group)
        .where(Group.path.op("^@")(group.path), Group.creditor_id.is_not_distinct_from(before))
        .values(creditor_id=creditor.id)
        .execution_options(synchronize_session=False)
    )
    for known in session.identity_map.values():
        if isinstance(known, Group):
            session.expire(known, ["creditor_id"])


def hand_back(session: Session, *, creditor: Creditor) -> None:
    """Let the groups of a creditor that goes belong to the nearest one above, if there is any."""
    parent = select(Group.parent_id).where(Group.id == creditor.group_id).scalar_subquery()
    above = session.scalar(select(Group.creditor_id).where(Group.id == parent))
    session.execute(
        update(Group)
        .where(Group.creditor_id == creditor.id)
        .values(creditor_id=above)
        .execution_options(synchronize_session=False)
    )
    for known in session.identity_map.values():
        if isinstance(known, Group):
            session.expire(known, ["creditor_id"])


class AgreementTerms(TypedDict, total=False):
    """What a bank agreement is made with.

    ``scheme`` is BGNR, PGNR, BBAN or IBAN. ``reference_length`` is of the whole reference; for RF it is the most
    digits of the number within.
    """

    scheme: Required[str]
    number: Required[str]
    reference_kind: Required[ReferenceKind]
    reference_length: int
    length_digit: bool
    iban: str
    bic: str
    currency: str
    swish_number: str
    preferred: bool


def add_agreement(
    session: Session, *, creditor: Creditor, bank_account_id: int, **terms: Unpack[AgreementTerms]
) -> BankAgreement:
    """Add an account of a creditor, and how references to it look; `add_bank` of the journal opens its ledger account.

    The currency is the creditor's where none is given. A preferred agreement, as every one is unless it is told
    not to be, takes the place of the one that was preferred before it. Raises AccountNumberError,
    AccountInUseError and ReferenceLengthError.
    """
    if terms.get("reference_length", REFERENCE_LENGTHS[0]) not in REFERENCE_LENGTHS:
        raise ReferenceLengthError(terms["reference_length"])
    agreement = BankAgreement(
        creditor_id=creditor.id, bank_account_id=bank_account_id, **{"currency": creditor.currency, **terms}
    )
    agreement.number = account_number(terms["scheme"], terms["number"])
    if terms["scheme"] == "IBAN":
        agreement.iban = agreement.number
    elif "iban" in terms:
        agreement.iban = account_number("IBAN", terms["iban"])
    refuse_account(session, agreement)
    if terms.get("preferred", True):
        step_back(session, agreement)
    with hidden_account_refused(session, scheme=agreement.scheme, number=agreement.number, currency=agreement.currency):
        session.add(agreement)
    return agreement


@contextmanager
def hidden_account_refused(session: Session, *, scheme: str, number: str, currency: str) -> Iterator[None]:
    """Write an account; raise AccountInUseError where an agreement that is hidden from whoever writes has it."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        violation = error.orig
        if not isinstance(violation, psycopg.errors.UniqueViolation) or violation.diag.constraint_name != _ONE_EACH:
            raise
        raise AccountInUseError(scheme, number, currency) from error


def refuse_account(session: Session, agreement: BankAgreement) -> None:
    """Raise AccountInUseError where another agreement has the account in this currency."""
    same = select(BankAgreement.creditor_id).where(
        BankAgreement.scheme == agreement.scheme,
        BankAgreement.number == agreement.number,
        BankAgreement.currency == agreement.currency,
        BankAgreement.id.is_distinct_from(agreement.id),
    )
    with session.no_autoflush:  # an agreement that is being changed is not written before it is judged
        found = session.scalar(same)
    if found is not None:
        own = found == agreement.creditor_id
        raise AccountInUseError(agreement.scheme, agreement.number, agreement.currency, own=own)


def step_back(session: Session, agreement: BankAgreement) -> None:
    """Let the agreement that was preferred in this currency make room for another."""
    session.execute(
        update(BankAgreement)
        .where(
            BankAgreement.creditor_id == agreement.creditor_id,
            BankAgreement.currency == agreement.currency,
            BankAgreement.preferred,
        )
        .values(preferred=False)
    )
