"""What is missing between two bank statements, in words; and what an account is called."""

from decimal import Decimal

from admin.office.amounts import money_words
from admin.office.queue_words import account as account_words
from dues.payments.account_list import BankAccount
from dues.payments.gaps import Gap, Statement
from dues.payments.statement_models import Missing
from language import decimals
from language import gettext_noop as _
from web.speech import gettext, ngettext, reader
from web.states import State

_MOST = 6  # digits that count; longer numbers are days or the like


def called(account: BankAccount) -> str:
    """Return an account's number as it is written, with its currency."""
    return f"{account_words(account.scheme, account.number)} {account.currency}"


def decimal(minor: int, currency: str) -> Decimal:
    """Return an amount in its currency's main unit, as spreadsheets take it."""
    return Decimal(minor).scaleb(-decimals(currency))


def state(account: BankAccount) -> State:
    """Return that something is missing on an account."""
    words = ngettext("One is missing", "%(num)s are missing", account.gaps)
    return State("account", words, "warn", "warn")


def missing(gap: Gap) -> str:
    """Return in a sentence or two what is missing."""
    said = []
    if gap.missing in (Missing.NUMBER, Missing.BOTH):
        said.append(_numbers(gap))
    if gap.missing in (Missing.BALANCE, Missing.BOTH):
        said.append(_balances(gap))
    if gap.missing is Missing.NUMBER and gap.after.opening_balance is not None:
        said.append(gettext(_("The balance carries on all the same: it may have been empty.")))
    return " ".join(said)


def between(gap: Gap) -> str:
    """Return between which statements that is."""
    words = _("Between %(before)s of %(before_day)s and %(after)s of %(after_day)s.")
    return gettext(
        words,
        before=gap.before.number or "–",
        before_day=reader().date(gap.before.created_on),
        after=gap.after.number or "–",
        after_day=reader().date(gap.after.created_on),
    )


def _numbers(gap: Gap) -> str:
    before, after = _number(gap.before), _number(gap.after)
    first, last = before + 1 if after > before else 1, after - 1
    return ngettext(
        "Statement %(first)s is missing.",
        "Statements %(first)s to %(last)s are missing.",
        last - first + 1,
        first=first,
        last=last,
    )


def _number(found: Statement) -> int:
    digits = found.number[: len(found.number) - len(found.number.lstrip("0123456789"))]
    return int(digits) if 0 < len(digits) <= _MOST else 0


def _balances(gap: Gap) -> str:
    words = _(
        "The balance does not carry on: %(before)s at the end of the one, %(after)s at the beginning of the next."
    )
    return gettext(
        words,
        before=_balance(gap.before.closing_balance, gap.before),
        after=_balance(gap.after.opening_balance, gap.after),
    )


def _balance(amount: int | None, found: Statement) -> str:
    return "–" if amount is None else money_words(amount, found.currency)
