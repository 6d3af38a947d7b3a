"""Orders to pay out: valid, with sums and counts that agree, and nothing in them that no bank would take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bankfiles.write_pain001 import Order, Outgoing, PayAccount, UnwritableOrderError, Version, write_pain001

SCHEMAS = Path("/work/shared/samples/pain")
IBAN = PayAccount("IBAN", "NL91ABNA0417164300")
BANKGIRO = PayAccount("BGNR", "50501055")
SWEDISH = PayAccount("SE", "83279123456789")
NORWEGIAN = PayAccount("NO", "86011117947")
PAYMENT = Outgoing("REFUND-1", 12_50, "Åsa Ökvist & Söner", IBAN, "Återbetalning 2026")
ORDER = Order("KONTINGENT-7", datetime(2026, 5, 4, 12, tzinfo=UTC), "Kören", IBAN, "EUR", date(2026, 5, 5), [PAYMENT])

TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=200)
PAYMENTS = st.lists(
    st.builds(
        Outgoing,
        end_to_end_id=st.from_regex(r"[A-Z0-9-]{1,35}", fullmatch=True),
        amount=st.integers(1, 10**11),
        name=TEXTS.map(lambda text: f"A {text}"),
        account=st.sampled_from([IBAN, BANKGIRO, PayAccount("PGNR", "285"), SWEDISH, NORWEGIAN]),
        text=TEXTS,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda payment: payment.end_to_end_id,
)


def told(content: bytes, name: str) -> list[str]:
    """The texts of all elements of a name, in their order."""
    return [str(one.text) for one in etree.fromstring(content).iter(f"{{*}}{name}")]


def valid(content: bytes, version: Version) -> None:
    """Fails where the schema of the standard refuses a file."""
    schema = SCHEMAS / f"sepaxml_pain.001.{version}.xsd"
    if not schema.exists():
        pytest.skip(f"the schema of the standard is not here: {schema}")
    etree.XMLSchema(etree.parse(str(schema))).assertValid(etree.fromstring(content))


@pytest.mark.parametrize("version", ["001.03", "001.09"])
@settings(max_examples=25)
@given(payments=PAYMENTS, currency=st.sampled_from(["EUR", "SEK", "NOK"]), bic=st.sampled_from(["", "ABNANL2A"]))
def test_every_order_is_valid_and_its_sums_and_counts_agree(
    version: Version, payments: list[Outgoing], currency: str, bic: str
) -> None:
    if currency == "EUR":
        payments = [replace(payment, account=IBAN) for payment in payments]
    order = replace(ORDER, currency=currency, payments=payments, bic=bic)
    content = write_pain001(order, version=version)
    total = sum(payment.amount for payment in payments)
    cents = [int(text.replace(".", "")) for text in told(content, "InstdAmt")]
    assert cents == [payment.amount for payment in payments]
    assert {int(text.replace(".", "")) for text in told(content, "CtrlSum")} == {total}
    assert told(content, "NbOfTxs") == [str(len(payments))] * 2
    assert told(content, "EndToEndId") == [payment.end_to_end_id for payment in payments]
    assert content == write_pain001(order, version=version), "the same order has one spelling"
    valid(content, version)


def test_euro_goes_by_sepa_in_letters_that_sepa_allows() -> None:
    content = write_pain001(ORDER)
    assert told(content, "Nm") == ["Koren", "Koren", "Asa Okvist Soner"]
    assert b"<Cd>SEPA</Cd>" in content
    assert told(content, "IBAN") == [IBAN.number] * 2
    assert told(content, "BtchBookg") == ["false"]


def test_kronor_go_to_local_accounts_in_letters_as_they_are() -> None:
    payments = [
        replace(PAYMENT, end_to_end_id=f"R{place}", account=account)
        for place, account in enumerate([BANKGIRO, SWEDISH, NORWEGIAN])
    ]
    content = write_pain001(replace(ORDER, currency="SEK", account=BANKGIRO, payments=payments))
    assert told(content, "Nm")[2] == "Åsa Ökvist & Söner"
    assert b"SEPA" not in content
    assert told(content, "IBAN") == []
    assert told(content, "Prtry") == ["BGNR", "BGNR"]
    assert told(content, "MmbId") == ["9900", "9900", "8327"], "the debtor's, the bankgiro's, the Swedish bank's"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ORDER, payments=[]),
        replace(ORDER, payments=[PAYMENT, PAYMENT]),
        replace(ORDER, payments=[replace(PAYMENT, amount=0)]),
        replace(ORDER, payments=[replace(PAYMENT, account=PayAccount("IBAN", "NL00ABNA0417164300"))]),
        replace(ORDER, payments=[replace(PAYMENT, account=BANKGIRO)]),
        replace(ORDER, payments=[replace(PAYMENT, end_to_end_id="ÅÄÖ")]),
        replace(ORDER, payments=[replace(PAYMENT, name=" ")]),
        replace(ORDER, message_id="x" * 36),
        replace(ORDER, currency="JPY"),
    ],
)
def test_what_no_bank_would_take_is_not_written(wrong: Order) -> None:
    with pytest.raises(UnwritableOrderError):
        write_pain001(wrong)
