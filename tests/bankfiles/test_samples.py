"""Files written by others: each sample with what a person reads in it, counted and added up by hand."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from bankfiles import errors
from tests.bankfiles.files import told

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED = [
    # file, format, payments, sums by currency, sections
    ("bgmax/barsoom_BgMaxfil4.txt", "BgMax", 9, {"SEK": 860_000, "EUR": 400_000}, 4),
    ("bgmax/barsoom_minimal.txt", "BgMax", 1, {"SEK": 110_000}, 1),
    # 1000 - 500 (a deduction) + 1400, then 1100 + 1200 + 700 + 5000, then EUR 3000 + 1000
    ("bgmax/rickardlindgren_bgc-exempelfil_ocr-checksiffra-langd.txt", "BgMax", 9, {"SEK": 990_000, "EUR": 400_000}, 3),
    ("bgmax/vertelab_2016-02-23_PSEUDONYMISED.txt", "BgMax", 22, {"SEK": 11_474_140}, 2),
    # One entry for a batch of 20, of which one transaction is listed, and one that lists none.
    ("camt/genkgo_camt052.v2.xml", "camt.052", 1, {"SEK": -20_000_000}, 1),
    ("camt/genkgo_camt052.v8.xml", "camt.052", 1, {"SEK": -20_000_000}, 1),
    # Two statements: 8.85 in, 7.00 out.
    ("camt/genkgo_camt053.v2.multi.statement.xml", "camt.053", 2, {"EUR": 185}, 2),
    # Three transactions without amounts in an entry of 200 000: one line.
    ("camt/genkgo_camt054.v2.xml", "camt.054", 1, {"SEK": -20_000_000}, 1),
    ("camt/oca-bsi-16.0_test-camt053-no-ntry.xml", "camt.053", 0, {}, 1),
    ("returns/oca-ap-16.0_test-sepa-camt-unpaid.xml", "camt.054", 1, {"EUR": -10_000}, 1),
    ("nets/otovo_ocr_giro_transactions.txt", "OCR giro", 20, {"NOK": 5_144_900}, 1),
    # ING, with lines broken at random: its bank reference is cut, money and payers are not.
    ("mt940/oca-bsi-10.0_test-ing.940", "MT940", 8, {"EUR": -9_788}, 1),
    ("mt940/oca-bsi-10.0_test-wrong-file.940", "MT940", 1, {"EUR": 40_000}, 1),
    # 26 statements of 20 accounts, returned transfers among them.
    ("mt940/wolph_betterplace_sepa_mt9401.sta", "MT940", 97, {"EUR": -926_913_590}, 26),
    ("mt940/wolph_jejik_rabobank-iban.sta", "MT940", 4, {"EUR": -7_000}, 2),
    # Framed by SOH and ETX, as on the wire.
    ("mt940/wolph_mBank_mt940.sta", "MT940", 3, {"PLN": 3}, 1),
    # Sixteen mandates, which are no payments.
    ("nets/otovo_avtalegiro_agreements.txt", "OCR giro", 0, {}, 0),
]

# Four debits of 100, each refused for a reason of its own; no money moves.
REPORT = "returns/oca-ap-16.0_test-sepa-pain-unpaid.xml"

REFUSED = [
    # file, kind of refusal, what the person is told
    (
        "bgmax/barsoom_BgMaxfil4_broken.txt",
        errors.WrongTotal,
        "line 67: the end record says 8 payments (20), the file has 9",
    ),
    ("bgmax/barsoom_not_bgmax_at_all.pdf", errors.UnknownFormat, 'begins with "A line without numbe"'),
    ("camt/genkgo_camt053.v2.all-balance-types.xml", errors.WrongTotal, "the closing balance is 4.04 EUR"),
    ("camt/genkgo_camt053.v2.five.decimals.xml", errors.WrongTotal, "the closing balance is 27.05 EUR"),
    ("camt/genkgo_camt053.v2.wrong.xml", errors.WrongRecord, "there is no Stmt in BkToCstmrStmt"),
    (
        "camt/genkgo_camt053.v4.xml",
        errors.UnsupportedCurrency,
        "line 74, Bal: the amount is in SEK, the account in EUR",
    ),
    (
        "camt/genkgo_camt053.v8.xml",
        errors.UnsupportedCurrency,
        "line 74, Bal: the amount is in SEK, the account in EUR",
    ),
    ("camt/genkgo_camt054.v8.xml", errors.WrongTotal, "the batch says 2 transactions, the file has 3"),
    ("camt/oca-bsi-16.0_test-camt053.xml", errors.WrongTotal, "the opening balance and the entries give 15555.28 EUR"),
    ("camt/oca-bsi-16.0_test-camt053.zip", errors.UnknownFormat, "a ZIP archive, not a bank file"),
    ("returns/oca-ap-16.0_test-sepa-pain-unpaid-invalid.xml", errors.UnknownFormat, "other.002.001.03"),
    ("returns/oca-ap-14.0_payment.return.reason.csv", errors.UnknownFormat, 'begins with "id,code,name'),
    ("nets/otovo_avtalegiro_payment_request.txt", errors.UnknownFormat, "a file to Nets (AvtaleGiro claims)"),
    ("autogiro/byrokrat_autogiro_exempelfil_bet-spec-o-tk_sv.txt", errors.UnknownFormat, 'begins with "01AUTOGIRO'),
    # Fragments: an empty text, an entry without its statement.
    ("mt940/wolph_betterplace_empty_86.sta", errors.UnknownFormat, 'begins with ":86:091'),
    ("mt940/wolph_self-provided_sparkassen.sta", errors.UnknownFormat, 'begins with ":61:181126'),
    ("mt940/wolph_cmxl_mt940.sta", errors.UnsupportedCurrency, 'line 4, :60F:: the currency "DEM" is not known'),
    # Shortened by those who published them, so that their balances are wrong.
    ("mt940/wolph_jejik_abnamro.sta", errors.WrongTotal, "the closing balance is 876.84 EUR"),
    ("mt940/wolph_jejik_ing.sta", errors.WrongTotal, "the closing balance is 3.47 EUR"),
    ("mt940/wolph_jejik_triodos.sta", errors.WrongTotal, "the closing balance is 4370.79 EUR"),
    ("mt940/wolph_self-provided_malformed_details.sta", errors.WrongTotal, "the closing balance is 12345.98 EUR"),
    ("pain/sepaxml_00800108_expected.xml", errors.UnknownFormat, "pain.008.001.08"),
    ("pain/sepaxml_pain.008.001.08.xsd", errors.UnknownFormat, '"schema"'),
    ("sie/sie4j_CC3.SI", errors.UnknownFormat, "no format known here"),
]


@pytest.mark.parametrize("row", ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_sample_is_read(samples: Path, row: tuple[str, str, int, dict[str, int], int]) -> None:
    name, kind, count, sums, sections = row
    found = told((samples / name).read_bytes())
    by_currency: dict[str, int] = {}
    for amount, currency in found.amounts:
        by_currency[currency] = by_currency.get(currency, 0) + amount
    assert (found.format, len(found.payments), by_currency, len(found.closed)) == (kind, count, sums, sections)


@pytest.mark.parametrize(("name", "kind", "sentence"), REFUSED)
def test_sample_is_refused(samples: Path, name: str, kind: type[errors.BankFileError], sentence: str) -> None:
    with pytest.raises(errors.BankFileError) as refusal:
        told((samples / name).read_bytes())
    assert type(refusal.value) is kind
    assert sentence in str(refusal.value)


def test_every_sample_of_these_formats_has_an_expectation(samples: Path) -> None:
    named = {name for name, *_ in ACCEPTED} | {name for name, *_ in REFUSED} | {REPORT}
    there = {
        f"{folder}/{file.name}"
        for folder in ("bgmax", "camt", "returns", "nets", "mt940")
        for file in (samples / folder).iterdir()
    }
    assert there - named == set()


def test_extra_references_and_text_of_a_real_looking_deposit(samples: Path) -> None:
    found = told((samples / "bgmax/barsoom_BgMaxfil4.txt").read_bytes())
    first = found.payments[0]
    assert [reference.value for reference in first.references] == ["665760", "665869", "665661", "657775"]
    assert first.text == "Betalning med extra refnr 665869 657775 665661\n665760"
    assert (first.payer_name, first.payer_account) == ("Kalles Plåt AB", ("BGNR", "3783511"))
    # 1000 + 500 + 400 - 500, the last a credit note (23)
    assert [reference.amount for reference in found.payments[6].references] == [100_000, 50_000, 40_000, -50_000]
    assert found.warnings == ["blank lines left out: 2"]


def test_a_tab_is_told_with_its_line_and_its_columns_are_found(samples: Path) -> None:
    found = told((samples / "bgmax/rickardlindgren_bgc-exempelfil_ocr-checksiffra-langd.txt").read_bytes())
    assert any("line 17: the line has TAB characters: 220003783511<TAB><TAB>" in warning for warning in found.warnings)
    third = found.payments[2]
    assert [reference.value for reference in third.references][-1] == "657965"
    assert all(reference.amount is None for reference in third.references)


def test_a_deduction_is_no_money_but_lowers_the_deposit(samples: Path) -> None:
    found = told((samples / "bgmax/rickardlindgren_bgc-exempelfil_ocr-checksiffra-langd.txt").read_bytes())
    assert [(payment.kind, payment.amount) for payment in found.payments[:3]] == [
        ("payment", 100_000),
        ("deduction", -50_000),
        ("payment", 140_000),
    ]
    assert (found.closed[0].payments, found.closed[0].amount) == (3, 190_000)


def test_free_texts_come_as_the_payers_wrote_them(samples: Path) -> None:
    found = told((samples / "bgmax/vertelab_2016-02-23_PSEUDONYMISED.txt").read_bytes())
    fourth = found.payments[3]
    assert (fourth.references[0].value, fourth.references[0].structured) == ("KUNDNR 4325 FAKTURA 63890", False)
    assert found.payments[17].payer_name == "BETALARE ÅÄÖ 018 EXTRANAMN"


def test_returned_debits_carry_the_code_and_not_the_text_beside_it(samples: Path) -> None:
    # The sample's closing balance is wrong; with the right one the rest can be looked at.
    data = (samples / "camt/oca-bsi-16.0_test-camt053.xml").read_bytes().replace(b"15121.12", b"15555.28")
    found = told(data)
    assert found.amounts == [(-75_425, "EUR"), (-56_405, "EUR"), (-10_000, "EUR"), (140_531, "EUR")]
    assert [payment.kind for payment in found.payments] == ["other", "return", "return", "payment"]
    returned = found.payments[1]
    assert returned.return_reason == "AC06"
    assert returned.end_to_end_id == "TESTBANK/NL/20141229/01206408"
    assert returned.mandate_id == "NL22ZZZ524885430000-C0125.1"
    assert found.closed[0].closing_balance == 1_555_528


def test_unpaid_debit_without_reversal_indicator_is_a_return_of_the_debtor(samples: Path) -> None:
    (payment,) = told((samples / "returns/oca-ap-16.0_test-sepa-camt-unpaid.xml").read_bytes()).payments
    assert (payment.kind, payment.return_reason, payment.mandate_id) == ("return", "AC06", "MANDATEID2")
    assert (payment.payer_name, payment.payer_account) == ("DEBTOR4", ("IBAN", "IE16AIBK93110187654321"))


def test_a_report_on_debits_says_what_became_of_each_and_brings_no_money(samples: Path) -> None:
    found = told((samples / REPORT).read_bytes())
    assert (found.format, found.payments, found.warnings) == ("pain.002", [], [])
    assert [(one.end_to_end_id, one.fate, one.reasons[0].code, one.amount, one.mandate_id) for one in found.orders] == [
        ("E2EID1", "rejected", "AC01", 10_000, "MANDATEID1"),
        ("E2EID2", "rejected", "MS02", 10_000, "MANDATEID2"),
        ("E2EID3", "rejected", "MD06", 10_000, "MANDATEID3"),
        ("E2EID4", "rejected", "AM04", 10_000, "MANDATEID4"),
    ]
    assert (found.orders[0].reasons[0].text, found.orders[0].name) == ("ACC NUMBER INVALID", "DEBTOR1")
    assert (found.reports[0].original_id, found.reports[0].original_kind) == ("MSGID12345678912", "pain.008.001.02")


def test_statements_in_an_archive_have_keys_of_their_own(samples: Path) -> None:
    with zipfile.ZipFile(samples / "camt/oca-bsi-16.0_test-camt053.zip") as archive:
        files = [archive.read(name).replace(b"15121.12", b"15625.28") for name in archive.namelist()]
    keys = {told(data).opened[0].key for data in files}
    assert len(keys) == 2
