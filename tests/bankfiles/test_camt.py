"""camt.052, 053 and 054: entries and transactions, totals and balances, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bankfiles import errors
from bankfiles.camt import LIMIT
from bankfiles.types import Account, Charge, Exchange, Reference
from bankfiles.write import Incoming
from tests.bankfiles.files import IBAN, camt054, entry, statement, told, transaction

REFS = "<Refs><AcctSvcrRef>{}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
SCOR = "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{}</Ref></CdtrRefInf></Strd>"
BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{}</Amt><CdtDbtInd>{}</CdtDbtInd>'
    "<Dt><Dt>2026-03-01</Dt></Dt></Bal>"
)


def summary(count: int, total: str, *, group: str = "TtlNtries", more: str = "") -> str:
    return f"<TxsSummry><{group}><NbOfNtries>{count}</NbOfNtries><Sum>{total}</Sum>{more}</{group}></TxsSummry>"


def batch(count: int, amount: str = "") -> str:
    total = f'<TtlAmt Ccy="EUR">{amount}</TtlAmt>' if amount else ""
    return f"<Btch><NbOfTxs>{count}</NbOfTxs>{total}</Btch>"


def test_each_transaction_of_an_entry_is_a_payment() -> None:
    first = transaction("10.00", inside=REFS.format("A1") + f"<RmtInf>{SCOR.format('RF18539007547034')}</RmtInf>")
    second = transaction("2.50", inside="<RmtInf><Ustrd>for 12</Ustrd><Ustrd>and 13</Ustrd></RmtInf>")
    found = told(statement(entry("12.50", first, second, more="")))
    assert found.amounts == [(1000, "EUR"), (250, "EUR")]
    assert found.payments[0].references == (Reference("RF18539007547034"),)
    assert found.payments[0].end_to_end_id is None
    assert found.payments[1].text == "for 12\nand 13"
    assert [payment.position for payment in found.payments] == ["line 2, Ntry 1, TxDtls 1", "line 2, Ntry 1, TxDtls 2"]
    assert (found.closed[0].payments, found.closed[0].amount) == (2, 1250)


def test_keys_hold_account_day_bank_reference_place_and_signed_amount() -> None:
    found = told(statement(entry("1.00", transaction(inside=REFS.format("A|1")), way="DBIT")))
    assert found.opened[0].key == f"camt.053|{IBAN.number}|S1|2026-03-02"
    assert found.payments[0].key == f"camt|{IBAN.number}|2026-03-01|A%7C1|1|-100"


def test_the_same_payment_has_the_same_key_in_camt_053_and_054() -> None:
    one = entry("1.00", transaction(inside=REFS.format("A1")))
    keys = {told(statement(one, kind=f"{kind}.001.08")).payments[0].key for kind in ("052", "053", "054")}
    assert len(keys) == 1


def test_without_a_bank_reference_the_content_makes_the_key() -> None:
    def key(name: str) -> str:
        details = transaction(inside=f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties>")
        return told(statement(entry("1.00", details))).payments[0].key

    assert key("Anna") == key("Anna")
    assert key("Anna") != key("Berit")


def test_later_pages_of_a_statement_have_keys_of_their_own() -> None:
    pages = [f"<StmtPgntn><PgNb>{page}</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>" for page in (1, 2)]
    keys = [told(statement(entry("1.00"), before=page)).opened[0].key for page in pages]
    assert keys[0] != keys[1]


@pytest.mark.parametrize("details", [transaction(), transaction("7.00"), transaction("8.00", currency="SEK")])
def test_a_single_transaction_has_the_amount_of_its_entry(details: str) -> None:
    assert told(statement(entry("7.00", details))).amounts == [(700, "EUR")]


def test_a_single_transaction_before_charges_keeps_its_payer() -> None:
    found = told(
        statement(entry("7.00", transaction("7.50", inside="<RltdPties><Dbtr><Nm>Anna</Nm></Dbtr></RltdPties>")))
    )
    assert (found.payments[0].amount, found.payments[0].payer_name) == (700, "Anna")
    assert "line 2, Ntry 1: the transaction says 7.50 EUR, the entry 7.00" in found.warnings[0]


@pytest.mark.parametrize(
    "details",
    [(transaction("1.00"), transaction("2.00")), (transaction(), transaction()), (transaction("3.00"), transaction())],
)
def test_transactions_that_do_not_add_up_are_one_payment(details: tuple[str, ...]) -> None:
    found = told(statement(entry("9.00", *details, after="<AddtlNtryInf>Deposit</AddtlNtryInf>")))
    assert found.amounts == [(900, "EUR")]
    assert (found.payments[0].text, found.payments[0].payer_name) == ("Deposit", "")
    assert found.warnings == [
        "line 2, Ntry 1: the 2 transactions do not add up to 9.00 EUR; the entry is kept as one line"
    ]


@pytest.mark.parametrize("details", [(batch(20),), (batch(20), transaction()), (batch(20), transaction("9.00"))])
def test_a_batch_that_lists_no_transactions_is_one_payment(details: tuple[str, ...]) -> None:
    found = told(statement(entry("9.00", *details)))
    assert found.amounts == [(900, "EUR")]
    assert "the bank lists none of the 20 transactions of this entry" in found.warnings[0]


def test_entries_without_details_are_counted_in_one_notice() -> None:
    found = told(statement(entry("1.00", after="<AddtlNtryInf>Fee</AddtlNtryInf>"), entry("2.00")))
    assert [payment.text for payment in found.payments] == ["Fee", ""]
    assert found.warnings == ["line 2, Stmt: 2 entries have no details and are kept as one line each"]


def test_only_booked_entries_are_money() -> None:
    found = told(statement(entry("1.00"), entry("5.00", transaction(), status="PDNG"), entry("6.00", status="INFO")))
    assert found.amounts == [(100, "EUR")]
    assert "line 2, Stmt: 1 entries with status PDNG are not booked yet and were left out" in found.warnings


def test_transactions_against_the_direction_of_their_entry_are_signed_so() -> None:
    back = transaction("2.00", inside="<CdtDbtInd>DBIT</CdtDbtInd>")
    found = told(statement(entry("8.00", transaction("10.00"), back)))
    assert [(payment.amount, payment.kind) for payment in found.payments] == [(1000, "payment"), (-200, "other")]


@pytest.mark.parametrize(
    ("more", "inside"),
    [
        ("<RvslInd>true</RvslInd>", ""),
        ("", "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"),
        ("", "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>"),
    ],
)
def test_returns_are_known_by_indicator_reason_or_code(more: str, inside: str) -> None:
    (payment,) = told(statement(entry("1.00", transaction(inside=inside), way="DBIT", more=more))).payments
    assert (payment.kind, payment.amount) == ("return", -100)


def test_a_reversal_indicator_does_not_turn_the_sign() -> None:
    (payment,) = told(statement(entry("1.00", more="<RvslInd>true</RvslInd>"))).payments
    assert (payment.kind, payment.amount) == ("return", 100)


@pytest.mark.parametrize("nested", ["<Nm>Anna</Nm>", "<Pty><Nm>Anna</Nm></Pty>"])
def test_names_and_accounts_are_found_in_old_and_new_versions(nested: str) -> None:
    bankgiro = "<Id><Othr><Id>0991-2346</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm></Othr></Id>"
    inside = (
        f"<RltdPties><Dbtr>{nested}</Dbtr><DbtrAcct><Id><IBAN>se45 5000 0000 0583 9825 7466</IBAN></Id></DbtrAcct>"
        f"<UltmtDbtr><Nm>No</Nm></UltmtDbtr><CdtrAcct>{bankgiro}</CdtrAcct></RltdPties>"
    )
    text = statement(entry("1.00", transaction(inside=inside))).decode().replace(f"<IBAN>{IBAN.number}", "<IBAN>SE99")
    (payment,) = told(text.encode()).payments
    assert payment.payer_name == "Anna"
    assert payment.payer_account == IBAN
    assert payment.receiver_account == Account("BGNR", "9912346")


def test_agreed_parts_of_a_payment_are_told_when_they_add_up() -> None:
    def strd(value: str, amount: str, name: str = "RmtdAmt") -> str:
        part = f'<RfrdDocAmt><{name} Ccy="EUR">{amount}</{name}></RfrdDocAmt>'
        return SCOR.format(value).replace("<Strd>", f"<Strd>{part}")

    inside = f"<RmtInf>{strd('11', '7.00')}{strd('22', '4.00')}{strd('33', '1.00', 'CdtNoteAmt')}</RmtInf>"
    (payment,) = told(statement(entry("10.00", transaction(inside=inside)))).payments
    assert payment.references == (Reference("11", 700), Reference("22", 400), Reference("33", -100))
    (payment,) = told(statement(entry("11.00", transaction(inside=inside)))).payments
    assert [reference.amount for reference in payment.references] == [None, None, None]


def test_an_invoice_number_stands_in_for_a_creditor_reference() -> None:
    inside = "<RmtInf><Strd><RfrdDocInf><Tp/><Nb>F-17</Nb></RfrdDocInf></Strd></RmtInf>"
    (payment,) = told(statement(entry("1.00", transaction(inside=inside)))).payments
    assert payment.references == (Reference("F-17"),)


def test_dates_with_times_and_zones_are_the_day_the_bank_wrote() -> None:
    text = statement(entry("1.00")).decode()
    for written in ("<DtTm>2026-03-01T23:30:00.5-05:00</DtTm>", "<Dt>2026-03-01Z</Dt>"):
        (payment,) = told(text.replace("<Dt>2026-03-01</Dt>", written).encode()).payments
        assert payment.booked_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("currency", "written", "amount"), [("JPY", "1500", 1500), ("JPY", "1500.00", 1500), ("KWD", "1.5", 1500)]
)
def test_currencies_have_their_own_decimals(currency: str, written: str, amount: int) -> None:
    data = statement(entry(written)).replace(b"EUR", currency.encode())
    assert told(data).amounts == [(amount, currency)]


@pytest.mark.parametrize(
    "written", ["12.345", "1,00", "-1.00", "+1.00", "1e3", "", " ", "x", "1.0.0", "٣", "1 000", "9" * 19]
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(errors.UnreadableAmount, match="line 2, Amt: "):
        told(statement(entry(written)))


def test_balances_and_entries_must_agree() -> None:
    before = BALANCE.format("OPBD", "5.00", "DBIT") + BALANCE.format("CLBD", "2.50", "CRDT")
    found = told(statement(entry("7.50"), before=before))
    assert (found.opened[0].opening_balance, found.closed[0].closing_balance) == (-500, 250)
    with pytest.raises(errors.WrongTotal, match=r"the closing balance is 2\.50 EUR, but .* give 2\.40 EUR"):
        told(statement(entry("7.40"), before=before))


def test_the_previous_closing_balance_opens_a_statement_too() -> None:
    before = BALANCE.format("PRCD", "1.00", "CRDT") + BALANCE.format("CLBD", "2.00", "CRDT")
    with pytest.raises(errors.WrongTotal):
        told(statement(entry("7.50"), before=before))


@pytest.mark.parametrize(
    "before",
    [
        summary(2, "13.00"),
        summary(2, "7.00"),  # some banks give the difference
        summary(3, "17.00"),  # and some count what is not booked yet
        summary(1, "10.00", group="TtlCdtNtries"),
        summary(1, "3.0", group="TtlDbtNtries"),
        summary(2, "13.00", more="<TtlNetNtry><Amt>7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry>"),
    ],
)
def test_summaries_that_hold_are_accepted(before: str) -> None:
    entries = entry("10.00"), entry("3.00", way="DBIT"), entry("4.00", status="PDNG")
    assert told(statement(*entries, before=before)).amounts == [(1000, "EUR"), (-300, "EUR")]


NAMED = statement(entry("1.00")).decode()
REFUSALS = [
    (statement(entry("1.00"), before=summary(2, "1.00")), errors.WrongTotal, "says 2 entries, the file has 1"),
    (statement(entry("1.00"), before=summary(1, "1.10")), errors.WrongTotal, "says 1.10 EUR, the file has 1.00"),
    (
        statement(entry("1.00"), before=summary(0, "0", group="TtlCdtNtries")),
        errors.WrongTotal,
        "NbOfNtries: the statement says 0 entries, the file has 1",
    ),
    (
        statement(entry("2.00", batch(3), transaction("1.00"), transaction("1.00"))),
        errors.WrongTotal,
        "Btch: the batch says 3 transactions, the file has 2",
    ),
    (
        statement(entry("2.00", batch(2), transaction("1.00"))),
        errors.WrongTotal,
        "Btch: the batch says 2 transactions, the file has 1",
    ),
    (
        statement(entry("2.00", batch(2, "2.10"), transaction("1.00"), transaction("1.00"))),
        errors.WrongTotal,
        "Btch: the batch says 2.10 EUR, its transactions add up to 2.00",
    ),
    (statement(entry("1.00", way="CRDX")), errors.WrongRecord, 'CdtDbtInd: "CRDX" is neither CRDT nor DBIT'),
    (statement(entry("1.00", status="BOOX")), errors.WrongRecord, 'the status "BOOX" is not known'),
    (statement(entry("1.00", more="<RvslInd>maybe</RvslInd>")), errors.WrongRecord, "neither true nor false"),
    (statement(entry("1.00").replace("EUR", "XXQ")), errors.UnsupportedCurrency, 'the currency "XXQ" is not known'),
    (statement(entry("1.00").replace("EUR", "SEK")), errors.UnsupportedCurrency, "is in SEK, the account in EUR"),
    (statement(entry("1.00").replace(' Ccy="EUR"', "")), errors.UnsupportedCurrency, "the amount names no currency"),
    (statement(entry("1<b/>0")), errors.UnreadableAmount, "the amount has elements within it"),
    (NAMED.replace("2026-03-01", "2026-02-30").encode(), errors.UnreadableDate, '"2026-02-30" is not a date'),
    (NAMED.replace("2026-03-01", "1826-03-01").encode(), errors.UnreadableDate, "1990 to 2099"),
    (NAMED.replace("<Id>S1</Id>", "").encode(), errors.WrongRecord, "no account or no identification"),
    (NAMED.replace("BkToCstmrStmt", "BkToCstmrAcctRpt").encode(), errors.WrongRecord, "out of place"),
    (NAMED.replace("Stmt>", "Rpt>").encode(), errors.WrongRecord, "out of place"),
    (NAMED[:-20].encode(), errors.Truncated, "line 2: the file ends too early"),
    (NAMED[: len(NAMED) // 2].encode(), errors.Truncated, "line 2: the file ends too early"),
    ((NAMED + "<x/>").encode(), errors.UnreadableXml, "line 2: there is something after the end"),
    ((NAMED + "rubbish").encode(), errors.UnreadableXml, "there is something after the end"),
    (NAMED.replace("</Sts>", "</Stx>").encode(), errors.UnreadableXml, "line 2: the XML is not well formed"),
    (NAMED.replace("1.00", "1&x;00").encode(), errors.UnreadableXml, "Entity 'x' not defined"),
    (NAMED.replace("S1", "Å1").encode("iso-8859-1"), errors.WrongEncoding, "line 2: a character is not valid"),
]


@pytest.mark.parametrize(("data", "kind", "sentence"), REFUSALS)
def test_refusals_say_where_and_why(data: bytes, kind: type[errors.BankFileError], sentence: str) -> None:
    with pytest.raises(errors.BankFileError) as refusal:
        told(data)
    assert sentence in str(refusal.value)
    assert type(refusal.value) is kind


LARGE = 2 * LIMIT + 7


def test_a_large_entry_that_adds_up_is_told_payment_by_payment() -> None:
    small = entry("3.00", transaction("1.00"), transaction("2.00"))
    found = told(statement(small, entry(f"{LARGE}.00", *[transaction("1.00")] * LARGE), small))
    assert found.amounts == [(100, "EUR"), (200, "EUR"), *[(100, "EUR")] * LARGE, (100, "EUR"), (200, "EUR")]
    assert found.payments[-3].position == f"line 2, Ntry 2, TxDtls {LARGE}"
    assert found.warnings == []


def test_a_large_entry_that_does_not_add_up_is_one_payment() -> None:
    wrong, right = entry("9.00", *[transaction("1.00")] * LARGE), entry(f"{LIMIT}.00", *[transaction("1.00")] * LIMIT)
    found = told(statement(wrong, right, wrong))
    assert found.amounts == [(900, "EUR"), *[(100, "EUR")] * LIMIT, (900, "EUR")]
    assert f"the {LARGE} transactions do not add up to 9.00 EUR" in found.warnings[0]


def test_a_large_batch_that_breaks_its_promise_is_refused() -> None:
    details = [batch(LARGE, f"{LARGE}.00"), *[transaction("1.00")] * (LARGE - 1), transaction("1.01")]
    with pytest.raises(errors.WrongTotal, match="its transactions add up to"):
        told(statement(entry(f"{LARGE}.00", *details)))
    details[-1] = transaction()
    with pytest.raises(errors.UnreadableAmount, match=f"TxDtls {LARGE}: the transaction has no amount in EUR"):
        told(statement(entry(f"{LARGE}.00", *details)))


def test_many_entries_of_the_writer_come_back() -> None:
    payments = [Incoming(100 + number, f"R{number}") for number in range(50)]
    assert told(camt054(*payments, batch=7)).amounts == [(100 + number, "SEK") for number in range(50)]


EXCHANGED = (
    '<AmtDtls><InstdAmt><Amt Ccy="NOK">117.45</Amt><CcyXchg><SrcCcy>NOK</SrcCcy><TrgtCcy>EUR</TrgtCcy>'
    "<UnitCcy>EUR</UnitCcy><XchgRate>11.745</XchgRate></CcyXchg></InstdAmt>"
    '<TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls>'
)


def test_what_was_sent_in_another_currency_is_told_with_the_rate() -> None:
    """Also where a transaction is one of many alike, and where only the entry says so."""
    one, two = (transaction(inside=REFS.format(number) + EXCHANGED) for number in ("A1", "A2"))
    found = told(statement(entry("20.00", one, two), entry("10.00", more=EXCHANGED), entry("1.00", transaction())))
    sent = Exchange(11_745, "NOK", Decimal("11.745"), "EUR")
    assert [payment.exchange for payment in found.payments] == [sent, sent, sent, None]
    same = '<AmtDtls><InstdAmt><Amt Ccy="EUR">1.00</Amt></InstdAmt></AmtDtls>'
    assert told(statement(entry("1.00", transaction(inside=same)))).payments[0].exchange is None


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "", "1,5"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(errors.UnreadableAmount, match="is not a rate of exchange"):
        told(statement(entry("10.00", transaction(inside=EXCHANGED.replace("11.745", rate)))))


def test_charges_are_told_as_old_and_new_versions_write_them() -> None:
    old = '<Chrgs><Amt Ccy="EUR">3.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs><Chrgs><Amt Ccy="EUR">0</Amt></Chrgs>'
    new = (
        '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">3.00</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="EUR">3.50</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd>"
        '<Rcrd><Amt Ccy="EUR">0.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>'
    )
    total = '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">3.00</TtlChrgsAndTaxAmt></Chrgs>'
    details = [transaction("13.50", inside=charges) for charges in (old, new, total)]
    found = told(statement(*(entry("13.50", one, way="DBIT") for one in details), entry("1.00", more=old)))
    assert [payment.charges for payment in found.payments] == [
        (Charge(350, "EUR"),),
        (Charge(350, "EUR", included=True), Charge(-50, "EUR", included=False)),
        (Charge(300, "EUR"),),
        (Charge(350, "EUR"),),
    ]


def test_a_return_tells_the_numbers_by_which_it_may_mean_the_payment() -> None:
    refs = (
        "<Refs><AcctSvcrRef>B1</AcctSvcrRef><InstrId>NOTPROVIDED</InstrId><EndToEndId>E1</EndToEndId><TxId>T1</TxId>"
        "<Prtry><Tp>ORIG</Tp><Ref>P1</Ref></Prtry></Refs>"
    )
    back = f"<RtrInf><Rsn>{{}}</Rsn><AddtlInf>{'AC04'}</AddtlInf></RtrInf>"
    details = [
        transaction("1.00", inside=refs + back.format(reason)) for reason in ("<Cd>MD06</Cd>", "<Prtry>914</Prtry>", "")
    ]
    found = told(statement(entry("3.00", *details, way="DBIT"), entry("1.00", transaction(inside=refs))))
    assert [(payment.kind, payment.return_reason, payment.originals) for payment in found.payments] == [
        ("return", "MD06", ("B1", "T1", "P1")),
        ("return", "914", ("B1", "T1", "P1")),
        ("return", "unknown", ("B1", "T1", "P1")),
        ("payment", None, ()),
    ]
    assert found.payments[0].end_to_end_id == "E1"
