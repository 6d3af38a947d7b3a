"""Payment status reports (pain.002): what became of orders, in every version; counts and sums are held against them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankfiles import errors
from bankfiles.currencies import decimal_text
from bankfiles.pain002_values import FATES
from tests.bankfiles.files import told

if TYPE_CHECKING:
    from collections.abc import Sequence

Order = tuple[str, int, str]
"""Status (empty: none of its own), amount in minor units of EUR, end-to-end id."""

PAIN002 = "urn:iso:std:iso:20022:tech:xsd:pain.002"
VERSIONS = [f"001.{number:02}" for number in range(3, 15)]


def order(code: str, amount: int, name: str, *, nested: bool = True) -> str:
    party = f"<Nm>{name}</Nm>"
    status = f"<TxSts>{code}</TxSts>" if code else ""
    return (
        f"<TxInfAndSts><OrgnlInstrId>I-{name}</OrgnlInstrId><OrgnlEndToEndId>{name}</OrgnlEndToEndId>{status}"
        "<OrgnlTxRef>"
        f'<Amt><InstdAmt Ccy="EUR">{decimal_text(amount, "EUR")}</InstdAmt></Amt>'
        f"<ReqdExctnDt>{'<Dt>2026-03-02</Dt>' if nested else '2026-03-02'}</ReqdExctnDt>"
        f"<Cdtr>{f'<Pty>{party}</Pty>' if nested else party}</Cdtr>"
        "<CdtrAcct><Id><IBAN>SE4550000000058398257466</IBAN></Id></CdtrAcct></OrgnlTxRef></TxInfAndSts>"
    )


def batch(orders: Sequence[Order], *, before: str = "", nested: bool = True) -> str:
    inside = "".join(order(*one, nested=nested) for one in orders)
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId>{before}{inside}</OrgnlPmtInfAndSts>"


def report(*batches: str, about: str = "", version: str = "001.10") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{PAIN002}.{version}">\n'
        "<CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-03-02T07:30:00+01:00</CreDtTm></GrpHdr>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{about}</OrgnlGrpInfAndSts>{''.join(batches)}</CstmrPmtStsRpt></Document>"
    ).encode()


def totals(number: int, amount: int) -> str:
    return f"<OrgnlNbOfTxs>{number}</OrgnlNbOfTxs><OrgnlCtrlSum>{decimal_text(amount, 'EUR')}</OrgnlCtrlSum>"


def reason(code: str, text: str = "") -> str:
    words = f"<AddtlInf>{text}</AddtlInf>" if text else ""
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn>{words}</StsRsnInf>"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_tells_orders_with_what_they_were(version: str) -> None:
    """From version 10 on a party and a day of execution are nested."""
    inside = batch([("RJCT", 1250, "E1")], before=totals(1, 1250), nested=version >= "001.10")
    found = told(report(inside, version=version))
    (one,) = found.orders
    assert (found.format, one.level, one.fate, one.amount, one.currency) == (
        "pain.002",
        "order",
        "rejected",
        1250,
        "EUR",
    )
    assert (one.batch_id, one.instruction_id, one.end_to_end_id) == ("B1", "I-E1", "E1")
    assert (one.wanted_on, one.name, one.account) == (date(2026, 3, 2), "E1", ("IBAN", "SE4550000000058398257466"))
    assert (found.reports[0].created, found.reports[0].original_id, found.summed) == (date(2026, 3, 2), "M1", True)


def test_a_refused_message_says_so_once_and_batches_inherit() -> None:
    about = f"{totals(2, 300)}<GrpSts>RJCT</GrpSts>{reason('FF01', 'Syntax')}"
    found = told(report(about=about))
    (message,) = found.orders
    assert (message.level, message.fate, message.reasons) == ("message", "rejected", (("FF01", "Syntax"),))
    found = told(report(batch([("", 100, "E1"), ("ACSC", 200, "E2")], before=totals(2, 300)), about=about))
    assert [(one.level, one.fate) for one in found.orders] == [
        ("message", "rejected"),
        ("order", "rejected"),
        ("order", "settled"),
    ]
    assert found.orders[1].reasons == (("FF01", "Syntax"),)


def test_orders_of_a_batch_that_fares_differently_need_a_status_of_their_own() -> None:
    before = f"<PmtInfSts>PART</PmtInfSts>{reason('AC01')}"
    found = told(report(batch([("ACCP", 100, "E1"), ("RJCT", 200, "E2")], before=before)))
    assert [(one.level, one.fate) for one in found.orders] == [
        ("batch", "part"),
        ("order", "accepted"),
        ("order", "rejected"),
    ]
    assert not found.summed  # nothing proves the amounts
    with pytest.raises(errors.WrongRecord, match="neither the order nor its batch has a status"):
        told(report(batch([("", 100, "E1")], before=before)))


WRONG = [
    (report(batch([("XXXX", 100, "E1")])), errors.WrongRecord, '"XXXX" is not known'),
    (report(about=totals(1, 100)), None, ""),  # no orders are listed: nothing contradicts
    (report(batch([("RJCT", 100, "E1")], before=totals(3, 900))), None, ""),  # the others are not told
    (
        report(batch([("RJCT", 100, "E1")], before=totals(1, 900))),
        errors.WrongTotal,
        "orders add up to 9.00, they give 1.00",
    ),
    (
        report(batch([("RJCT", 100, "E1"), ("RJCT", 100, "E2")], before=totals(1, 200))),
        errors.WrongTotal,
        "the report says 1 orders and lists 2",
    ),
    (
        report(
            batch([("RJCT", 100, "E1")]),
            about="<NbOfTxsPerSts><DtldNbOfTxs>2</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>",
        ),
        errors.WrongTotal,
        "the report says 2 orders and lists 1",
    ),
    (report(about="<OrgnlCtrlSum>1x</OrgnlCtrlSum>"), errors.UnreadableAmount, '"1x" is not a sum'),
    (report().replace(b"OrgnlGrpInfAndSts", b"OrgnlGrpInf"), errors.WrongRecord, "there is no OrgnlGrpInfAndSts"),
]


@pytest.mark.parametrize(("data", "kind", "sentence"), WRONG)
def test_counts_and_sums_are_held_against_the_orders(
    data: bytes, kind: type[errors.BankFileError] | None, sentence: str
) -> None:
    if kind is None:
        assert told(data).reports
        return
    with pytest.raises(kind, match=sentence):
        told(data)


orders = st.lists(
    st.tuples(
        st.sampled_from(sorted(FATES.keys() - {"PART", "PATC"})),
        st.integers(0, 10**12),
        st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(orders)
def test_any_report_tells_what_was_written(wanted: list[Order]) -> None:
    found = told(report(batch(wanted, before=totals(len(wanted), sum(amount for _, amount, _ in wanted)))))
    assert [(one.code, one.amount, one.end_to_end_id) for one in found.orders] == wanted
    assert found.summed


SAMPLE = report(batch([("RJCT", 10_050, "E1"), ("ACSC", 70, "E2")], before=totals(2, 10_120)), about=totals(2, 10_120))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SAMPLE) - 1), st.sampled_from(b'0179 \n</>"&AZ\x00\xe5') | st.integers(0, 255))
def test_one_wrong_byte_never_changes_the_amount_of_an_order(place: int, byte: int) -> None:
    damaged = SAMPLE[:place] + bytes([byte]) + SAMPLE[place + 1 :]
    try:
        found = told(damaged)
    except errors.BankFileError:
        return
    assert all(one.amount in {10_050, 70, None} for one in found.orders)
