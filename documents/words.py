"""The words of a document that depend on what kind it is and how it is paid."""

from typing import Final

from documents.accounts import AccountKind, ReferenceKind
from documents.model import InvoiceDocument, Kind
from language import Language, gettext_noop

_ACCOUNTS: Final = {
    AccountKind.BANKGIRO: gettext_noop("Bankgiro"),
    AccountKind.PLUSGIRO: gettext_noop("Plusgiro"),
    AccountKind.NORWEGIAN: gettext_noop("Account number"),
    AccountKind.IBAN: gettext_noop("IBAN"),
}
_REFERENCES: Final = {
    ReferenceKind.OCR: gettext_noop("OCR number"),
    ReferenceKind.KID: gettext_noop("KID number"),
    ReferenceKind.RF: gettext_noop("Reference"),
    ReferenceKind.BETALINGSKENMERK: gettext_noop("Payment reference"),
    ReferenceKind.TEXT: gettext_noop("Message to the payee"),
}
_NUMBERS: Final = {
    Kind.INVOICE: gettext_noop("Invoice number"),
    Kind.REMINDER: gettext_noop("Reminder number"),
    Kind.CREDIT_NOTE: gettext_noop("Credit note number"),
}
_DATES: Final = {
    Kind.INVOICE: gettext_noop("Invoice date"),
    Kind.REMINDER: gettext_noop("Reminder date"),
    Kind.CREDIT_NOTE: gettext_noop("Credit note date"),
}


def title(document: InvoiceDocument, language: Language) -> str:
    """Return the heading: Invoice, Reminder, Reminder 2, Credit note."""
    if document.kind is Kind.CREDIT_NOTE:
        return language.gettext("Credit note")
    if document.kind is Kind.INVOICE:
        return language.gettext("Invoice")
    if document.level > 1:
        return language.gettext("Reminder %(level)s", level=document.level)
    return language.gettext("Reminder")


def number_label(kind: Kind, language: Language) -> str:
    """Return what a document of this kind calls its number."""
    return language.gettext(_NUMBERS[kind])


def date_label(kind: Kind, language: Language) -> str:
    """Return what a document of this kind calls its date."""
    return language.gettext(_DATES[kind])


def account_label(kind: AccountKind, language: Language) -> str:
    """Return what an account of this kind is called."""
    return language.gettext(_ACCOUNTS[kind])


def reference_label(kind: ReferenceKind, language: Language) -> str:
    """Return what a reference of this kind is called where it is typed in."""
    return language.gettext(_REFERENCES[kind])


def when(document: InvoiceDocument, language: Language) -> str:
    """Return by when the money is asked for; a reminder that sets no new day says when the claim fell due."""
    if document.pay_by:
        return language.gettext("by %(date)s", date=language.long_date(document.pay_by))
    if document.asked_by is None:
        return ""
    if document.kind is Kind.REMINDER:
        return language.gettext("was due on %(date)s", date=language.long_date(document.asked_by))
    return language.gettext("by %(date)s", date=language.long_date(document.asked_by))


def invitation(document: InvoiceDocument, language: Language) -> str:
    """Return how an invoice invites to pay more, and what becomes of it; nothing where it does not."""
    if not document.invites:
        return ""
    return language.gettext(
        "You may pay more. What exceeds %(amount)s is a gift to %(fund)s.",
        amount=language.money(document.open_amount, document.currency),
        fund=document.fund,
    )


def scan_label(currency: str, language: Language) -> str:
    """Return what to scan the QR code with: Swish for kronor, the app of one's bank for euro."""
    return language.gettext("Scan with Swish") if currency == "SEK" else language.gettext("Scan with your bank app")


def page_label(language: Language) -> str:
    """Return how a page is numbered; the template fills {number} and {total} when the pages are known."""
    return language.gettext("Page %(number)s of %(total)s", number="{number}", total="{total}")
