"""What the proof of rights walks through: groups with their rows, and everybody who may knock at a door.

Of each kind of thing there is one of the northern group (`OWN`), one of somebody else (`FOREIGN`), one that never was
(`NONE`). Nothing that is done here stays: see `Rehearsal`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app import bind_deeds
from database.acting import noted
from database.connect import Database, Role
from dues.access import approvals, grants
from dues.access.permissions import Permission
from dues.access.roles import BUILT_IN, role_id
from dues.access.staff import disable
from dues.actor import COMMAND_LINE, Actor
from dues.dates import set_clock
from dues.groups.establish import make_creditor
from dues.groups.models import BankAgreement, Group, Occasion, ReferenceKind
from dues.groups.texts import Saying, add_text
from dues.invoicing import issue
from dues.invoicing.access import create_links
from dues.invoicing.charge_file import TAKE_IN, keep_table
from dues.journal.chart import Earning, add_bank, set_up_books
from dues.payments.accept import accept
from dues.pricing.set_up import add_type
from tests.factories.members import member, person
from tests.factories.money import camt, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.factories.runs import finished, issued, reminded
from tests.factories.staff import employ, let_in
from tests.factories.year import CLOSED, RENEWED, year
from tests.rights.away import taken_out
from tests.rights.rows import CORRECTED, FILES, FUND, OF_CORRECTIONS, OF_CREDITOR, REFUND, SENT_AGAIN, SERVERS, TEMPLATE
from tests.rights.sold import own_product, sell
from tests.servers import WarmDatabase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from database.acting import Acting
    from database.connect import OpenSession

OWN: Final = 0
FOREIGN: Final = 1
NONE: Final = 2
CROSS: Final = 3
NOWHERE: Final = 4
"""Whose a thing is: the northern group's, somebody else's, nobody's; somebody else's, asked for in the north's house,
or in one that there is not."""


@dataclass(frozen=True)
class Rehearsal(WarmDatabase):
    """A database in which nothing stays that the web does: whoever asks undoes it afterwards."""

    @cached_property
    def _stages(self) -> dict[Role, Connection]:
        return {}

    def opener(self, role: Role, acting: Acting | None = None) -> OpenSession:
        """Open sessions within one transaction for each role; what they commit is a savepoint."""
        who = acting or (self.acting if role is Role.JOBS else None)
        return lambda: Session(self.stage(role), info=noted(who), join_transaction_mode="create_savepoint")

    def stage(self, role: Role) -> Connection:
        """Return the connection of a role, in its transaction."""
        if role not in self._stages:
            self._stages[role] = self.engine(role).connect()
        if not self._stages[role].in_transaction():
            self._stages[role].begin()
        return self._stages[role]

    def undo(self) -> None:
        """Let nothing of what was done have happened."""
        for connection in self._stages.values():
            connection.rollback()

    def dispose(self, *, close: bool = True) -> None:
        """Let go of all connections."""
        for connection in self._stages.values():
            connection.close()
        super().dispose(close=close)


@dataclass(frozen=True)
class User:
    """Somebody who knocks: with which roles, where (None is the whole organisation), and how they are known."""

    name: str
    roles: tuple[str, ...] = ()
    group: str | None = None
    id: int = 0
    token: str = field(default="", repr=False)
    comes_in: bool = True

    @property
    def is_staff(self) -> bool:
        """Whether the entrance lets them through."""
        return bool(self.id) and self.comes_in


@dataclass(frozen=True)
class World:
    """The organisation, its people, and the things that addresses name."""

    database: Rehearsal
    made: Organisation
    other: Organisation
    users: Mapping[str, User]
    things: Mapping[str, tuple[str, str, str]]
    links: Mapping[str, int]
    """The tokens of links, and the invoice of each: of the north, the same revoked, of the south."""

    def thing(self, kind: str, side: int) -> str:
        """Return what a thing is called."""
        return self.things[kind][FOREIGN if side in {CROSS, NOWHERE} else side]


def build(database: Database) -> World:
    """Let two organisations have a year, with members in two sibling groups, and let everybody come who may knock."""
    bind_deeds()
    jobs = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=RENEWED, real=RENEWED)
    made, other = year(jobs)
    _beside(database, made)
    with database.unit_of_work(Role.JOBS) as session:
        users = {user.name: user for user in _everybody(session, made)}
    for group, who in ((made.north, "north"), (made.south, "south")):
        _work(database, made, group, Actor("staff", str(users[who].id)))
    with database.unit_of_work(Role.JOBS) as session:
        things, links = _things(session, made, other, users)
    return World(Rehearsal(database.owner_url), made, other, users, things, links)


def _beside(database: Database, made: Organisation) -> None:
    """Members of both local groups, invoiced by their group's own creditor: one pays, one pays too little."""
    jobs = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(text("UPDATE groups SET name = 'Quxsyd' WHERE slug = 'se-syd'"))
        accounts = {group.slug: _own_books(session, made, group.id) for group in (made.north, made.south)}
        for group in (made.north, made.south):
            for number in range(3):
                word = f"{'Quzz' if group is made.south else 'Nordh'}{number}{uuid.uuid4().hex[:8]}"
                who = person(session, given_name="Kim", family_name=word, email=f"{word.lower()}@example.org")
                member(session, made, joined_on=RENEWED, group=group, who=who)
        session.expunge_all()
    before = {claim for claim, _, _ in owed(jobs)}
    issued(jobs, on=RENEWED)
    new = [one for one in owed(jobs) if one[0] not in before]
    for group, mine in ((made.north, new[:3]), (made.south, new[3:])):
        payments = [paid(mine[0][2], mine[0][1]), paid(FEE // 5, mine[1][1])]
        file = camt(accounts[group.slug], payments, on=RENEWED)
        with database.unit_of_work(Role.JOBS) as session:
            taken = accept(session, stream=file, name="own.xml", on=RENEWED, by=COMMAND_LINE, path=group.path).run_id
        finished(jobs, taken)
    reminded(jobs, on=RENEWED + dt.timedelta(days=70))


_ACCOUNTS: Final = {"se-norr": ("991-2346", "581-0015"), "se-syd": ("581-0023", "581-0031")}


def _own_books(session: Session, made: Organisation, group_id: int) -> BankAgreement:
    """Let a group collect by itself, at prices of its own."""
    here = session.get_one(Group, group_id)
    here.own_prices = True
    add_type(session, group=here, slug=f"own-{here.slug}", names={"en": "Own"}, components=[made.local])
    address = {"street": "Torget 1", "postcode": "111 22", "city": "Stockholm", "email": "own@example.org"}
    own = make_creditor(session, group=here, name="Own", org_number="802999-9995", currency="SEK", **address)  # type: ignore[arg-type]
    set_up_books(session, creditor=own, earnings=[Earning(one.id, one.names) for one in (made.national, made.local)])
    own_product(session, here)
    accounts = [
        add_bank(session, creditor=own, scheme="BGNR", number=number, reference_kind=ReferenceKind.OCR)
        for number in _ACCOUNTS[here.slug]
    ]
    return accounts[0]


def _everybody(session: Session, made: Organisation) -> Iterable[User]:
    yield User("anonymous")
    every = [role.slug for role in BUILT_IN]
    for role in every:
        yield _hired(session, role, (role,), None)
    for name, group in (("north", made.north), ("south", made.south), ("above", made.root)):
        yield _hired(session, name, ("group-administrator",), group.slug, group.id)
    yield _hired(session, "everything", tuple(every), None)
    yield _hired(session, "second", tuple(every), None)
    out = _hired(session, "disabled", tuple(every), None)
    disable(session, staff_id=out.id, now=dt.datetime.now(dt.UTC))
    yield User(out.name, id=out.id, token=out.token, comes_in=False)
    ended = _hired(session, "ended", (), None)
    for place in (None, made.north.id):
        grants.give(
            session,
            staff_id=ended.id,
            role_id=role_id(session, "group-administrator" if place else "economist"),
            group_id=place,
            from_on=CLOSED - dt.timedelta(days=99),
            to_on=CLOSED,
            by=COMMAND_LINE,
        )
    yield ended


def _hired(session: Session, name: str, roles: tuple[str, ...], group: str | None, group_id: int | None = None) -> User:
    email = f"{name}@staff.example"
    staff = employ(session, name=f"Staff {name}", email=email, roles=roles, group=group_id)
    return User(name, roles, group, staff.id, let_in(session, email=email))


def _work(database: Database, made: Organisation, group: Group, by: Actor) -> None:
    """What somebody of a group has begun: a run that has issued an invoice, and a preview; and what the group says."""
    jobs = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        word = f"Nyss{uuid.uuid4().hex[:8]}"
        who = person(session, given_name="Kim", family_name=word, email=f"{word.lower()}@example.org")
        member(session, made, joined_on=RENEWED, group=group, who=who)
        sell(session, group_id=group.id, person_id=who.id, on=RENEWED, by=by)
        done = issue.start_issue(session, on=RENEWED, by=by, group=group.slug, confirmed=True).id
    finished(jobs, done)
    with database.unit_of_work(Role.JOBS) as session:
        run = issue.start_issue(session, on=RENEWED + dt.timedelta(days=365), by=by, group=group.slug).id
        saying = Saying(group_id=group.id, occasion=Occasion.INVOICE, language="sv")
        add_text(session, saying=saying, words=f"Tack {group.slug}.", by=COMMAND_LINE)
    finished(jobs, run)


_THINGS: Final = {
    **OF_CORRECTIONS,
    "person": "SELECT p.uuid FROM person p JOIN invoice i ON i.payer_id = p.id WHERE i.id = :invoice",
    "membership": (
        "SELECT m.uuid FROM membership m JOIN invoice i ON i.payer_id = m.person_id"
        " WHERE i.id = :invoice ORDER BY m.id LIMIT 1"
    ),
    "invoice": "SELECT uuid FROM invoice WHERE id = :invoice",
    "claim": "SELECT id FROM claim WHERE invoice_id = :invoice ORDER BY id LIMIT 1",
    "reference": (
        "SELECT r.value FROM payment_reference r JOIN claim c ON c.id = r.claim_id"
        " WHERE c.invoice_id = :invoice LIMIT 1"
    ),
    "name": "SELECT p.family_name FROM person p JOIN invoice i ON i.payer_id = p.id WHERE i.id = :invoice",
    "payment": (
        "SELECT a.payment_id FROM allocation a JOIN payment p ON p.id = a.payment_id"
        " JOIN creditor o ON o.id = p.creditor_id WHERE o.group_id = :group ORDER BY a.id LIMIT 1"
    ),
    "allocation": (
        "SELECT a.id FROM allocation a JOIN payment p ON p.id = a.payment_id"
        " JOIN creditor o ON o.id = p.creditor_id WHERE o.group_id = :group ORDER BY a.id LIMIT 1"
    ),
    "case": (
        "SELECT k.payment_id FROM payment_case k JOIN creditor o ON o.id = k.creditor_id"
        " WHERE o.group_id = :group AND k.closed_at IS NULL ORDER BY 1 LIMIT 1"
    ),
    "entry": (
        "SELECT e.id FROM entry e JOIN creditor o ON o.id = e.creditor_id WHERE o.group_id = :group ORDER BY 1 LIMIT 1"
    ),
    "group": "SELECT uuid FROM groups WHERE id = :group",
    "slug": "SELECT slug FROM groups WHERE id = :group",
    "group_word": "SELECT name FROM groups WHERE id = :group",
    "group_name": "SELECT name || ' (' || slug || ')' FROM groups WHERE id = :group",
    "creditor": "SELECT uuid FROM creditor WHERE id = :creditor",
    "creditor_number": "SELECT id FROM creditor WHERE id = :creditor",
    "agreement": "SELECT id FROM bank_agreement WHERE creditor_id = :creditor",
    "own_agreement": (
        "SELECT b.id FROM bank_agreement b JOIN creditor c ON c.id = b.creditor_id WHERE c.group_id = :group"
        " ORDER BY b.preferred, b.id DESC LIMIT 1"
    ),
    "source": "SELECT uuid FROM bank_source WHERE agreement_id IN"
    " (SELECT id FROM bank_agreement WHERE creditor_id = :creditor)",
    "own_product": "SELECT id FROM product WHERE group_id = :group",
    "own_type": "SELECT id FROM membership_type WHERE group_id = :group",
    "local": "SELECT id FROM fee_component WHERE slug = 'local' ORDER BY id LIMIT 1",
    "component": "SELECT id FROM fee_component WHERE group_id = :root ORDER BY id DESC LIMIT 1",
    "type": "SELECT id FROM membership_type WHERE group_id = :root ORDER BY id LIMIT 1",
    "usual_type": "SELECT id FROM membership_type WHERE slug = 'member' ORDER BY id LIMIT 1",
    "price": (
        "SELECT r.id FROM price_rule r JOIN fee_component c ON c.id = r.component_id WHERE c.group_id = :root"
        " ORDER BY r.id LIMIT 1"
    ),
    "template": "SELECT uuid FROM invoice_template WHERE group_id = :group",
    "sold_invoice": (
        "SELECT i.uuid FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id"
        " WHERE i.group_id = :group AND l.component_id IS NULL LIMIT 1"
    ),
    "series": "SELECT uuid FROM invoice_series WHERE sender_id = :group",
    "product": "SELECT id FROM product WHERE group_id = :root ORDER BY id LIMIT 1",
    "segment": "SELECT id FROM segment WHERE group_id = :root ORDER BY id LIMIT 1",
    "discount": "SELECT id FROM discount WHERE group_id = :root ORDER BY id LIMIT 1",
    "instalment": (
        "SELECT r.id FROM instalment_rule r JOIN creditor c ON c.id = r.creditor_id WHERE c.group_id = :root"
        " ORDER BY r.id LIMIT 1"
    ),
    "text": "SELECT id FROM own_text WHERE group_id = :group",
    "run": "SELECT uuid FROM run WHERE kind = 'invoices' AND state = 'ready' AND (actor = :actor) = :mine",
    "issued_run": (
        "SELECT uuid FROM run WHERE kind = 'invoices' AND state = 'done' AND path <> '' AND (actor = :actor) = :mine"
    ),
    **FILES,
    "coding_rule": "SELECT id FROM coding_rule WHERE creditor_id = :creditor",
    **OF_CREDITOR,
    "export": "SELECT uuid FROM export ORDER BY id DESC LIMIT 1",
    "saved_list": "SELECT uuid FROM saved_list ORDER BY id DESC LIMIT 1",
    "staff": "SELECT uuid FROM staff WHERE id = :staff",
    "staff_name": "SELECT name FROM staff WHERE id = :staff",
    "grant": "SELECT id FROM staff_grant WHERE staff_id = :staff ORDER BY id LIMIT 1",
    "login": "SELECT uuid FROM staff_session WHERE staff_id = :staff",
    "approval": "SELECT uuid FROM approval WHERE proposed_by = :staff",
    "role": "SELECT slug FROM staff_role WHERE NOT built_in = :mine ORDER BY id LIMIT 1",
}
"""What the rows are called, of a group, an invoice of it, its creditor, and somebody of its staff."""

_WORDS: Final = {
    "schedule": ("invoices", "reminders", "nothing"),
    "language": ("sv", "de", "xx"),
    "year": ("2026", "2027", "1"),
    "scheme": ("dark", "light", "pink"),
    "mail": ("a.eml", "b.eml", "c.eml"),
    "digest": ("d" * 64, "e" * 64, "0" * 64),
    "passkey": (str(uuid.UUID(int=7)), str(uuid.UUID(int=8)), str(uuid.UUID(int=9))),
    "level": ("1", "1", "9"),
    "welcome": ("w" * 43, "v" * 43, "x" * 43),
}
_NUMBERED: Final = frozenset(
    {"payment", "allocation", "case", "moved", "entry", "grant", "claim", "reference", "creditor_number"}
    | {"agreement", "component", "type", "usual_type", "price", "text", "local", "own_agreement", "own_type", "product"}
    | {"own_product", "aside", "payer_rule"}
    | {"segment", "discount", "instalment", "coding_rule"}
)


def _things(
    session: Session, made: Organisation, other: Organisation, users: Mapping[str, User]
) -> tuple[dict[str, tuple[str, str, str]], dict[str, int]]:
    """Give each kind of thing its three names, and let invoices of both groups have links."""
    own, foreign = (_invoice(session, group) for group in (made.north.id, made.south.id))
    for staff in ("north", "second"):
        payload = {"slug": f"by-{staff}", "names": {"en": "x"}, "permissions": []}
        proposed = {"kind": "role", "permission": Permission.ROLES_EDIT, "payload": payload}
        approvals.propose(session, group_id=None, by=users[staff].id, **proposed)  # type: ignore[arg-type]  # each by its name
    session.execute(text("INSERT INTO staff_role (slug, names) VALUES ('own-role', '{\"en\": \"Own role\"}')"))
    session.execute(text("UPDATE staff_session SET fresh_at = fresh_at + interval '1 day'"))
    north = {"staff": users["north"].id, "creditor": made.creditor.id, "root": made.root.id, "mine": True}
    others = {"staff": users["second"].id, "creditor": other.creditor.id, "root": other.root.id, "mine": False}
    actor = {"actor": f"staff:{users['north'].id}"}
    sides = (
        {"group": made.north.id, "invoice": own, **north, **actor},
        {"group": made.south.id, "invoice": foreign, **others, **actor},
    )
    for rows in (TEMPLATE, *CORRECTED, FUND, REFUND):
        session.execute(text(rows))
    session.execute(text("INSERT INTO coding_rule (creditor_id, codes) SELECT id, '{}' FROM creditor"))
    session.execute(text(SERVERS))
    for group in (made.north.id, made.south.id):
        session.execute(text(SENT_AGAIN), {"group": group})
    found: dict[str, tuple[str, str, str]] = dict(_WORDS)
    for root, staff in ((made.root, "north"), (other.root, "second")):
        by = Actor("staff", str(users[staff].id))
        keep_table(session, content=b"Number;Product\n1;10\n", name="lines.csv", group=root, by=by)
        keep_table(session, content=b"Invoice;Member\n1;10\n", name="old.csv", group=root, by=by, kind=TAKE_IN)
    taken_out(session)
    for kind, statement in _THINGS.items():
        one, another = (str(session.execute(text(statement), side).scalars().first()) for side in sides)
        found[kind] = one, another, _nothing(kind, one)
    valid, revoked, theirs = create_links(session, wanted=[(one, "a@example.org") for one in (own, own, foreign)])
    session.execute(
        text("UPDATE access_link SET revoked_at = now() WHERE token_hash = sha256(convert_to(:token, 'UTF8'))"),
        {"token": revoked},
    )
    found["token"] = valid, theirs, "n" * 43
    return found, {valid: own, revoked: own, theirs: foreign}


def _invoice(session: Session, group: int) -> int:
    """Return an invoice of a group on which something is open."""
    wanted = text(
        "SELECT i.id FROM invoice i JOIN claim c ON c.invoice_id = i.id JOIN creditor o ON o.id = c.creditor_id"
        " WHERE i.group_id = :group AND o.group_id = :group AND c.ended IS NULL AND c.open_amount > 0"
        " ORDER BY c.open_amount DESC, i.id LIMIT 1"
    )
    return int(session.execute(wanted, {"group": group}).scalar_one())


def _nothing(kind: str, like: str) -> str:
    """Return what was never there, of the same make."""
    if kind in _NUMBERED:
        return str(10**12 + 7)
    return str(uuid.UUID(int=1)) if like.count("-") == 4 and len(like) == 36 else "nowhere"
