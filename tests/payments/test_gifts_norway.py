"""The Norwegian report of gifts: of the structure that its authority describes, and with sums that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dues.groups.models import Creditor
from dues.members.models import Person
from dues.payments.gifts.norway import IncompleteSenderError, report, sort_out
from dues.payments.gifts.yearly import Reported

SCHEMA: Final = etree.XMLSchema(file=str(Path(__file__).parent / "formats" / "gifts_no.xsd"))
IDENTITY: Final = "15108695088"


def sender(**changes: str) -> Creditor:
    values = {"name": "Norsk Kor & Sang", "org_number": "NO 974 760 673 MVA", "phone": "22 33 44 55"}
    return Creditor(**{"email": "post@example.no", **values, **changes})


def gave(amount: int, *, name: str = "Kari Øye", identity: str = IDENTITY, currency: str = "NOK") -> Reported:
    return Reported(Person(given_name=name, family_name=""), identity, currency, amount)


def texts(content: bytes, name: str) -> list[str | None]:
    return [one.text for one in etree.fromstring(content).iter(f"{{*}}{name}")]


def test_donors_of_enough_kroner_are_told_by_their_numbers() -> None:
    rows = [
        gave(2000_99),
        gave(499_99),
        gave(700_00, identity=""),
        gave(500_00, name="<Lise> & Co"),
        gave(9_00_00, currency="EUR"),
    ]
    content = report(sender(), rows, year=2026)
    SCHEMA.assertValid(etree.fromstring(content))
    assert texts(content, "beloep") == ["2000", "500"]
    assert texts(content, "navn") == ["Norsk Kor & Sang", "Kari Øye", "<Lise> & Co"]
    assert texts(content, "organisasjonsnummer") == ["974760673"]
    assert (texts(content, "sumBeloep"), texts(content, "leveransetype")) == (["2500"], ["ordinaer"])
    found = sort_out(rows)
    assert (found.unknown, found.little) == (1, 1)
    nothing = report(sender(), [], year=2026)
    SCHEMA.assertValid(etree.fromstring(nothing))
    assert texts(nothing, "leveransetype") == ["ingenoppgaver"]


def test_a_sender_who_cannot_be_asked_is_told_so() -> None:
    with pytest.raises(IncompleteSenderError) as refused:
        report(sender(org_number="974 760 674", phone=""), [], year=2026)
    assert refused.value.lacks == ("number", "phone")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**9), st.text(max_size=9))))
def test_any_donors_give_a_report_that_adds_up(given_rows: list[tuple[int, str]]) -> None:
    content = report(sender(), [gave(amount, name=name) for amount, name in given_rows], year=2026)
    SCHEMA.assertValid(etree.fromstring(content))
    amounts = [int(one or 0) for one in texts(content, "beloep")]
    assert (texts(content, "sumBeloep"), texts(content, "antallOppgaver")) == ([str(sum(amounts))], [str(len(amounts))])
