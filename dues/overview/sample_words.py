"""Shows own words before they are kept: the mail and the document as a member of the group would get them."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents import InvoiceDocument, Kind, Line, Logo, Look, Original, Party, PaymentDetails, ReferenceKind
from dues.collection.document import as_reminder
from dues.collection.mail import reminder_words
from dues.collection.models import Reminder
from dues.dates import add_months
from dues.delivery.forms import Filled
from dues.delivery.sms import SmsLength, sms_length
from dues.groups.layout import layout_of
from dues.groups.models import BankAgreement, Creditor, Group, Medium, Occasion
from dues.groups.models import Logo as Picture
from dues.groups.own_templates import sources
from dues.groups.texts import OwnWords
from dues.groups.wording import Place, checked, filled
from dues.invoicing.document import ACCOUNT_KINDS, Issued, address_lines, saying
from dues.invoicing.freeze import Looks
from dues.invoicing.freeze_looks import looks_now
from dues.invoicing.mail import invoice_words
from dues.invoicing.models import Claim
from dues.invoicing.sms import sample_words as text_message
from dues.members.models import Membership, MembershipType, Person
from dues.payments.mail import receipt_words
from dues.payments.receipt import Received
from language import Language, pick

AMOUNT: Final = 50_000
"""Minor units of the sample's invoice."""

_NUMBER: Final = 1001


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever would read the words: a member of the group, or, where there is none to show, somebody made up."""

    name: str
    membership: str
    real: bool
    address: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """The mail, the document, or (on joining) the words alone; None where the words are not read there."""

    reader: Reader
    language: str
    mail: Filled | None
    document: InvoiceDocument | None = None
    words: str = ""
    sms: str = ""

    @property
    def sms_length(self) -> SmsLength:
        """How much of a text message the words take."""
        return sms_length(self.sms)


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where the sample plays."""

    group: Group
    creditor: Creditor | None
    agreement: BankAgreement | None
    reference: str
    look: Look
    reader: Reader
    language: Language
    on: dt.date
    base_url: str = ""

    def text(self, document: InvoiceDocument) -> str:
        """The text message that brings a document; whose creditor is sensitive says nothing of it."""
        told = None if self.creditor is not None and self.creditor.sensitive else document
        return text_message(told, self.language, base_url=self.base_url)


def sample(
    session: Session,
    *,
    group_id: int,
    occasion: Occasion,
    level: int,
    language: str,
    medium: Medium,
    words: str,
    on: dt.date,
    real: bool,
    look: Look | None = None,
    person_id: int | None = None,
    base_url: str = "https://dues.example.org",
) -> Sample:
    """Return what a member would get on a day; ``real`` shows one of the group's own, or the person who is chosen.

    ``look`` is only tried. Links in text messages begin with ``base_url``.

    Raises a WordingError.
    """
    kept = checked(words, occasion)
    own = OwnWords(
        email=kept if medium is not Medium.DOCUMENT else "", document=kept if medium is not Medium.EMAIL else ""
    )
    scene = _scene(session, group_id, Language(language), on, real=real, person_id=person_id)
    scene = replace(scene, base_url=base_url)
    if look is not None:
        scene = replace(scene, look=look)
    invoice = _invoice(scene, occasion)
    match occasion:
        case Occasion.JOIN_THANKS:
            words = filled(kept, _joined(scene, invoice))
            return Sample(scene.reader, language, None, words=words)
        case Occasion.REMINDER:
            return _reminder(scene, invoice, own, level)
        case Occasion.RECEIPT:
            receipt = _receipt(scene, invoice, kept)
            return Sample(scene.reader, language, receipt_words(receipt, scene.language))
        case Occasion.CREDIT_NOTE:
            return _told(scene, saying(_credit_note(invoice), own))
        case _:
            return _told(scene, saying(invoice, own))


def _told(scene: _Scene, invoice: Issued) -> Sample:
    mail = invoice_words(invoice.document, invoice, scene.language)
    return Sample(scene.reader, scene.language.code, mail, invoice.document, sms=scene.text(invoice.document))


def _scene(
    session: Session, group_id: int, language: Language, on: dt.date, *, real: bool, person_id: int | None
) -> _Scene:
    group = session.get_one(Group, group_id)
    creditor = session.get(Creditor, group.creditor_id) if group.creditor_id else None
    agreement = _agreement(session, creditor)
    reference = ""
    if agreement is not None:
        shape = (agreement.reference_kind, agreement.reference_length, agreement.length_digit)
        reference = session.scalar(select(func.payment_reference_for(*shape, _NUMBER))) or ""
    look = _look(session, group, creditor, on)
    reader = _reader(session, group, language, person_id) if real else _made_up(language)
    return _Scene(group, creditor, agreement, reference, look, reader, language, on)


def _look(session: Session, group: Group, creditor: Creditor | None, on: dt.date) -> Look:
    layout = creditor.layout if creditor else {}
    looks = looks_now(session, group=group, on=on) or Looks(group.logo_id, group.colour, layout, None)
    picture = session.get(Picture, looks.logo_id) if looks.logo_id else None
    template = sources(session, templates=[looks.template_id]).get(looks.template_id) if looks.template_id else None
    logo = Logo(picture.content, picture.digest) if picture else None
    return Look(logo, looks.colour, layout_of(looks.layout), template)


def _agreement(session: Session, creditor: Creditor | None) -> BankAgreement | None:
    if creditor is None:
        return None
    wanted = select(BankAgreement).where(
        BankAgreement.creditor_id == creditor.id, BankAgreement.currency == creditor.currency, BankAgreement.preferred
    )
    return session.scalar(wanted)


def _reader(session: Session, group: Group, language: Language, person_id: int | None) -> Reader:
    """The person who is chosen, whatever their group, or the group's newest member."""
    newest = (
        select(Person, MembershipType.names)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(MembershipType, MembershipType.id == Membership.type_id)
        .where(Person.deceased_on.is_(None), *([Person.id == person_id] if person_id else []))
        .where(*([] if person_id else [Membership.group_id == group.id]))
        .order_by(Membership.id.desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    if found is None:
        return _made_up(language)
    person, names = found
    member = pick(names, language.code) if names else language.gettext("Member")
    address = address_lines(person.street, person.postcode, person.city)
    called = f"{person.given_name} {person.family_name}".strip()
    return Reader(called, member, real=True, address=address, country=person.country)


def _made_up(language: Language) -> Reader:
    return Reader("Kim Ek", language.gettext("Member"), real=False)


def _invoice(scene: _Scene, occasion: Occasion) -> Issued:
    creditor = scene.creditor
    sold = occasion is Occasion.ONE_OFF
    period = (scene.on, add_months(scene.on, 12) - dt.timedelta(days=1))
    document = InvoiceDocument(
        kind=Kind.INVOICE,
        language=scene.language.code,
        number=str(_NUMBER),
        date=scene.on,
        currency=creditor.currency if creditor else "EUR",
        sender=_sender(scene),
        recipient=Party(scene.reader.name, scene.reader.address, scene.reader.country or scene.group.country),
        lines=(_sold(scene.language) if sold else Line(scene.reader.membership, AMOUNT, period=period),),
        due_date=scene.on + dt.timedelta(days=creditor.payment_days if creditor else 30),
        payment=_payment(scene),
        look=scene.look,
    )
    return Issued(
        invoice_id=0,
        creditor_id=creditor.id if creditor else 0,
        group_id=scene.group.id,
        group=scene.group.name,
        sensitive=False,
        open_amount=AMOUNT,
        ended=None,
        memberships=() if sold else (scene.reader.membership,),
        said="",
        document=document,
    )


def _sold(language: Language) -> Line:
    return Line(language.gettext("Songbook"), AMOUNT, quantity=2, unit_price=AMOUNT // 2)


def _sender(scene: _Scene) -> Party:
    creditor = scene.creditor
    if creditor is None:
        return Party(scene.group.name, country=scene.group.country)
    address = (creditor.street, f"{creditor.postcode} {creditor.city}".strip())
    return Party(creditor.name, address, creditor.country, creditor.org_number, creditor.email, creditor.phone)


def _payment(scene: _Scene) -> PaymentDetails | None:
    agreement = scene.agreement
    if agreement is None or not scene.reference:
        return None
    return PaymentDetails(
        account=agreement.number,
        account_kind=ACCOUNT_KINDS[agreement.scheme],
        reference=scene.reference,
        reference_kind=ReferenceKind(agreement.reference_kind.value),
        bic=agreement.bic or "",
        payee=scene.creditor.name if scene.creditor else "",
        swish=agreement.swish_number or "",
    )


def _reminder(scene: _Scene, invoice: Issued, own: OwnWords, level: int) -> Sample:
    document = invoice.document
    due = document.due_date or scene.on
    reminder = Reminder(level=level, issued_on=due + dt.timedelta(days=10), pay_by=due + dt.timedelta(days=24))
    reminder.id, reminder.amount = 0, AMOUNT
    reminded = as_reminder(reminder, Claim(due_on=due, open_amount=AMOUNT, ended=None), invoice, own)
    mail = reminder_words(reminded.document, reminded, scene.language)
    return Sample(scene.reader, scene.language.code, mail, reminded.document, sms=scene.text(reminded.document))


def _credit_note(invoice: Issued) -> Issued:
    original = Original(invoice.document.number, invoice.document.date)
    credited = replace(
        invoice.document, kind=Kind.CREDIT_NOTE, number=str(_NUMBER + 1), due_date=None, payment=None, original=original
    )
    return replace(invoice, open_amount=0, document=credited)


def _receipt(scene: _Scene, invoice: Issued, words: str) -> Received:
    return Received(
        allocation_id=0,
        creditor_id=invoice.creditor_id,
        sender=invoice.document.sender,
        name=scene.reader.name,
        group=scene.group.name,
        words=words,
        colour=scene.look.colour,
        sensitive=False,
        amount=AMOUNT,
        currency=invoice.document.currency,
        on_date=scene.on,
        taken_back=False,
        invoice=replace(invoice, open_amount=0),
        due_on=invoice.document.due_date,
        covered=add_months(scene.on, 12) - dt.timedelta(days=1),
    )


def _joined(scene: _Scene, invoice: Issued) -> dict[Place, str]:
    document = invoice.document
    return {
        Place.AMOUNT: scene.language.money(AMOUNT, document.currency),
        Place.DUE_DATE: scene.language.long_date(document.due_date) if document.due_date else "",
        Place.GROUP: scene.group.name,
        Place.CREDITOR: document.sender.name,
    }
