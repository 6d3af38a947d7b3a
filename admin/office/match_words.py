"""What matching says: what each rule goes by, and what came of trying one."""

from collections.abc import Mapping
from typing import Final

from dues.payments.match_models import Doubt, Rule
from dues.payments.match_trial import Done, Tried
from language import gettext_noop as _
from web.speech import gettext

RULES: Final[Mapping[Rule, str]] = {
    Rule.REFERENCE: _("Exact reference"),
    Rule.SEVERAL: _("Several references"),
    Rule.COLLECTION: _("Id it was sent with"),
    Rule.IN_TEXT: _("Reference in the text"),
    Rule.ZEROS: _("Zeros missing in the reference"),
    Rule.DIGIT: _("One digit of the reference wrong"),
    Rule.NUMBER: _("Invoice number in the text"),
    Rule.MEMBER: _("Member number in the text"),
    Rule.ACCOUNT: _("Known account and exact amount"),
    Rule.NAME: _("Name and amount, only suggested"),
}

HOW: Final[Mapping[Rule, str]] = {
    Rule.REFERENCE: _("The reference belongs to an invoice that is open by now, and the amount is what it has open."),
    Rule.SEVERAL: _(
        "Each reference that was given is known. The amounts given with them are used; without any, the money falls on "
        "the oldest first."
    ),
    Rule.COLLECTION: _("The payment bears an id that is a reference of ours, and the amount is exact."),
    Rule.IN_TEXT: _("What is open of the references in the text is together what came."),
    Rule.ZEROS: _("But for zeros at its beginning it is the reference of one open invoice, and the amount is exact."),
    Rule.DIGIT: _(
        "The check digit is wrong, and with one digit put right it is the reference of one single open invoice, of "
        "exactly this amount."
    ),
    Rule.NUMBER: _(
        "What is open of the invoices in the text is together what came. A year, a day or a short number that nothing "
        "announces is only suggested."
    ),
    Rule.MEMBER: _("Of what the member owes, one invoice has exactly this amount open."),
    Rule.ACCOUNT: _(
        "This account has paid for one person only, and of what they owe one invoice has this amount open."
    ),
    Rule.NAME: _("The payer has the name of somebody who owes exactly this. It is never booked by itself."),
}

DOUBTS: Final[Mapping[Doubt, str]] = {
    Doubt.SEVERAL_FIT: _("Several invoices fit"),
    Doubt.OTHER_AMOUNT: _("Another amount is open"),
    Doubt.WEAK: _("It may mean something else"),
    Doubt.INCOMPLETE: _("A reference is not known"),
}


def done_words(one: Tried) -> str:
    """Return what was done with a payment on which a rule was tried."""
    if one.done in (Done.OTHER, Done.SAME):
        words = _("Used for the same invoice") if one.done is Done.SAME else _("Used for invoice %(numbers)s")
        return gettext(words, numbers=", ".join(one.numbers))
    texts = {
        Done.KEPT: _("Kept as credit"),
        Done.WAITS: _("Waits for a decision"),
        Done.NOTHING: _("Used for no invoice"),
    }
    return gettext(texts[one.done])
