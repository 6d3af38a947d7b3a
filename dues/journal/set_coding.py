"""Sets up detailed accounting: the dimensions of a creditor, and the rules that give lines their codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dues.editing import EditingError, held, remove
from dues.groups.models import Creditor
from dues.journal.coding_models import CodingRule, Dimension
from dues.journal.models import Account, AccountRole

MOST: Final = 3
"""Dimensions that a creditor has at most."""
LONGEST: Final = 20


class CodingError(EditingError):
    """A rule that gives no line anything, or two rules for the same lines."""


class SaysNothingError(CodingError):
    """A rule names neither an account nor a code."""


class SameRuleError(CodingError):
    """There is a rule for these lines."""


class NoSuchAccountError(CodingError):
    """No revenue account of the creditor, in its currency, has this number; ``code`` is the number."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no revenue account {code}.")
        self.code = code


class CodeTooLongError(CodingError):
    """A code has more characters than exports have room for."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule says: for which lines, which account by its number, and codes by the position of the dimension."""

    component_id: int | None = None
    product_id: int | None = None
    group_id: int | None = None
    account: str = ""
    codes: Sequence[str] = ()


def dimensions_of(session: Session, *, creditor_id: int) -> list[Dimension]:
    """Return a creditor's dimensions in their order."""
    wanted = select(Dimension).where(Dimension.creditor_id == creditor_id)
    return list(session.scalars(wanted.order_by(Dimension.position)))


def set_dimensions(session: Session, *, creditor_id: int, names: Sequence[Mapping[str, str]]) -> None:
    """Call a creditor's dimensions so, by position; one without a name is taken away, with its codes in rules.

    What was booked keeps its codes and their names.
    """
    held(session, Creditor, creditor_id)
    there = {one.position: one for one in dimensions_of(session, creditor_id=creditor_id)}
    for position, named in enumerate(names[:MOST], start=1):
        one = there.get(position)
        if named and one is None:
            session.add(Dimension(creditor_id=creditor_id, position=position, names=dict(named)))
        elif named and one is not None:
            one.names = dict(named)
        elif one is not None:
            _forget(session, creditor_id, one.id)
    session.flush()


def rules_of(session: Session, *, creditor_id: int) -> list[CodingRule]:
    """Return a creditor's rules, oldest first."""
    return list(
        session.scalars(select(CodingRule).where(CodingRule.creditor_id == creditor_id).order_by(CodingRule.id))
    )


def add_rule(session: Session, *, creditor: Creditor, ruled: Ruled) -> CodingRule:
    """Code lines so from the next invoice on. Raises a CodingError."""
    account = _account(session, creditor, ruled.account)
    known = dimensions_of(session, creditor_id=creditor.id)
    codes = {str(one.id): code for one, code in zip(known, _codes(ruled), strict=False) if code}
    if account is None and not codes:
        raise SaysNothingError
    row = CodingRule(
        creditor_id=creditor.id,
        component_id=ruled.component_id,
        product_id=ruled.product_id,
        group_id=ruled.group_id,
        account_id=account,
        codes=codes,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise SameRuleError from error
    return row


def drop_rule(session: Session, *, creditor_id: int, rule_id: int) -> None:
    """Take a rule away; what was issued keeps what it got. Raises an EditingError."""
    rule = held(session, CodingRule, rule_id)
    if rule.creditor_id == creditor_id:
        remove(session, rule)


def _codes(ruled: Ruled) -> list[str]:
    codes = [code.strip() for code in ruled.codes]
    if any(len(code) > LONGEST for code in codes):
        raise CodeTooLongError
    return codes


def _account(session: Session, creditor: Creditor, code: str) -> int | None:
    if not code.strip():
        return None
    found = session.scalar(
        select(Account.id).where(
            Account.creditor_id == creditor.id,
            Account.code == code.strip(),
            Account.role == AccountRole.INCOME,
            Account.currency == creditor.currency,
        )
    )
    if found is None:
        raise NoSuchAccountError(code.strip())
    return found


def _forget(session: Session, creditor_id: int, dimension_id: int) -> None:
    for rule in rules_of(session, creditor_id=creditor_id):
        rule.codes = {key: code for key, code in rule.codes.items() if key != str(dimension_id)}
    session.flush()
    for rule in rules_of(session, creditor_id=creditor_id):
        if rule.account_id is None and not rule.codes:
            session.delete(rule)
    session.execute(delete(Dimension).where(Dimension.id == dimension_id))
