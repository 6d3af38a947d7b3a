"""A file reads the same whether its transactions are read by patterns or, because of one comment, one by one."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankfiles import camt, errors
from bankfiles.camt_runs import Runs
from bankfiles.streams import Window
from bankfiles.write import Incoming
from tests.bankfiles.files import CAMT, IBAN, Told, camt054, entry, statement, told, transaction
from tests.bankfiles.test_write import incoming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFS = "<Refs><AcctSvcrRef>{}</AcctSvcrRef></Refs>"
PARTY = "<RltdPties><Dbtr><Pty><Nm>{}</Nm></Pty></Dbtr></RltdPties>"


@pytest.fixture(autouse=True, scope="module", params=[camt.LIMIT, 2], ids=["held", "told one by one"])
def limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything here, with entries that are held until they end and with such as are told while they are read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(camt, "LIMIT", request.param)
        yield


def one_by_one(data: bytes) -> bytes:
    """The same file with a comment at its beginning: nothing after one is read by patterns."""
    return re.sub(rb"(<Document [^>]*>)", rb"\1<!-- -->", data, count=1)


def pretty(data: bytes) -> bytes:
    """The same file with every element on a line of its own."""
    return data.replace(b"><", b">\r\n  <")


def outcome(data: bytes) -> Told | tuple[type[Exception], str]:
    """What a file says, or how it is refused (without columns, which comments and patterns move)."""
    try:
        return told(data)
    except errors.BankFileError as error:
        return type(error), re.sub(r"column \d+", "column", str(error))


def shown(data: bytes, kind: str = "054.001.08", size: int = 1 << 16) -> tuple[int, bytes]:
    """How many transactions the patterns find in a file, and what they leave of it."""
    runs = Runs(Window(io.BytesIO(data)), CAMT + kind)
    left = b"".join(iter(lambda: runs.read(size), b""))
    return sum(map(len, runs.found)), left


@settings(max_examples=60)
@given(
    payments=st.lists(incoming(), min_size=1, max_size=8),
    version=st.sampled_from(["001.02", "001.08"]),
    batch=st.integers(1, 8),
    spread=st.booleans(),
)
def test_patterns_read_what_elements_say(
    payments: list[Incoming],
    version: Literal["001.02", "001.08"],
    batch: int,
    spread: bool,  # noqa: FBT001 - a case
) -> None:
    data = camt054(*payments, *payments, version=version, batch=batch)
    data = pretty(data) if spread else data
    assert told(data) == told(one_by_one(data))


@settings(max_examples=60)
@given(chance=st.data())
def test_damage_is_refused_alike(chance: st.DataObject) -> None:
    data = bytearray(camt054(*(Incoming(100 + number, f"B{number}", payer_name="Åsa Ek") for number in range(6))))
    place = chance.draw(st.integers(data.index(b"<TxDtls>"), len(data) - 1))
    data[place] = chance.draw(st.integers(0, 255))
    assert outcome(bytes(data)) == outcome(one_by_one(bytes(data)))


def test_samples_read_the_same(samples: Path) -> None:
    for path in sorted((samples / "camt").glob("*.xml")) + sorted((samples / "returns").glob("*.xml")):
        data = path.read_bytes()
        assert outcome(data) == outcome(one_by_one(data)), path.name


@pytest.mark.parametrize("size", [1000, 5000, 1 << 16])
def test_all_of_a_usual_file_is_read_by_patterns_whatever_the_pieces(size: int) -> None:
    data = camt054(*(Incoming(100, f"B{number}", payer_name="Kim") for number in range(50)))
    found, left = shown(data, size=size)
    assert found == 50
    assert left.count(b"\n") == data.count(b"\n")
    assert b"Kim" not in left


@pytest.mark.parametrize(
    "odd",
    [
        REFS.format("A &amp; B"),
        REFS.format("<![CDATA[A]]>"),
        REFS.format("<!-- no -->A"),
        REFS.format(" "),
        REFS.format("\ufffd"),
        REFS.format("\tA\n"),
        REFS.format("Q1Q"),
        "<Refs><AcctSvcrRef/></Refs>",
        "<Refs><Prtry><Tp>X</Tp><Ref>1</Ref></Prtry></Refs>",
        '<AmtDtls><InstdAmt><Amt Ccy="NOK">117.45</Amt></InstdAmt></AmtDtls>',
        '<Chrgs><Amt Ccy="SEK">3.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>',
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
        PARTY.format("\u2003Kim\u2003"),
        PARTY.format("{0}"),
        "<RltdPties><DbtrAcct><Id><Othr><Id>00</Id></Othr></Id></DbtrAcct></RltdPties>",
        "<RltdPties><CdtrAcct><Id><Othr><Id>0500</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm></Othr></Id></CdtrAcct></RltdPties>",
        "<RltdPties><CdtrAcct><Id><Othr><Id>0500</Id><SchmeNm><Id>BGNR</Id></SchmeNm></Othr></Id></CdtrAcct></RltdPties>",
        "<RmtInf><Ustrd>one</Ustrd><Ustrd> </Ustrd><Ustrd>two</Ustrd></RmtInf>",
        '<RmtInf><Strd><RfrdDocAmt><CdtNoteAmt Ccy="SEK">1</CdtNoteAmt></RfrdDocAmt></Strd></RmtInf>',
        "<CdtDbtInd>DBIT</CdtDbtInd>",
        "<CdtDbtInd>CREDIT</CdtDbtInd>",
        '<AmtDtls><InstdAmt><Amt Ccy="JPY">12</Amt></InstdAmt></AmtDtls>',
        '<AmtDtls><InstdAmt><Amt Ccy="???">12</Amt></InstdAmt></AmtDtls>',
        "<AmtDtls><InstdAmt><Amt>12</Amt></InstdAmt></AmtDtls>",
        '<x xmlns="urn:other"><TxDtls></TxDtls></x>',
        "<TxDtls></TxDtls>",
        "<TxDtls>run 0</TxDtls>",
        "<RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>text</AddtlInf></RtrInf>",
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>",
    ],
)
def test_oddities_read_the_same(odd: str) -> None:
    usual = transaction("1.00", inside=REFS.format("U") + PARTY.format("Eva"))
    data = statement(entry("4.00", usual, transaction("1.00", inside=odd), transaction("1.00", inside=odd), usual))
    assert outcome(data) == outcome(one_by_one(data))


@pytest.mark.parametrize(
    "inside",
    [
        "<Refs><AcctSvcrRef>{}</AcctSvcrRef><EndToEndId>E</EndToEndId><MndtId>M</MndtId></Refs>",
        REFS.format("B") + "<RltdPties><DbtrAcct><Id><IBAN>{}</IBAN></Id></DbtrAcct></RltdPties>",
        REFS.format("B")
        + "<RltdPties><DbtrAcct><Id><Othr><Id>{}</Id></Othr></Id></DbtrAcct>"
        + "<CdtrAcct><Id><Othr><Id>7</Id></Othr></Id></CdtrAcct></RltdPties>",
        "<Refs><AcctSvcrRef>B</AcctSvcrRef><EndToEndId>{}</EndToEndId></Refs>",
        REFS.format("B") + "<RmtInf><Ustrd>one</Ustrd><Ustrd>{}</Ustrd></RmtInf><AddtlTxInf>more</AddtlTxInf>",
    ],
)
@pytest.mark.parametrize("odd", ["NOTPROVIDED", "W|50%", "B1", "000", "0", IBAN.number, "Q1Q"])
def test_values_that_decide_are_seen_among_many(inside: str, odd: str) -> None:
    many = [transaction("1.00", inside=inside.format(value)) for value in ("A1", "A2", odd, "A3", odd, "A4")]
    data = statement(entry("6.00", *many, more="<AcctSvcrRef>B1</AcctSvcrRef>"))
    assert outcome(data) == outcome(one_by_one(data))


@pytest.mark.parametrize(
    "amount", ["1", "1.0", "1.000", "01.00", " 1.00", "1,00", "-1.00", "1.00.0", "", "1e2", "١.00"]
)
def test_amounts_read_the_same(amount: str) -> None:
    usual = transaction("1.00", inside=REFS.format("U"))
    odd = usual.replace(">1.00<", f">{amount}<")
    data = statement(entry("3.00", usual, odd, usual))
    assert outcome(data) == outcome(one_by_one(data))


def test_an_entry_in_another_currency_than_its_transactions_reads_the_same() -> None:
    data = statement(entry("3.00", *[transaction("1.00", inside=REFS.format("U"), currency="SEK")] * 3))
    assert outcome(data) == outcome(one_by_one(data))


def test_more_kinds_than_are_learnt_read_the_same() -> None:
    kinds = [
        transaction("1.00", inside=REFS.format("U") + "<RmtInf>" + "<Ustrd>x</Ustrd>" * n + "</RmtInf>")
        for n in range(60)
    ]
    data = statement(entry("120.00", *kinds, *kinds))
    assert outcome(data) == outcome(one_by_one(data))


def test_other_encodings_and_prefixes_read_the_same() -> None:
    data = statement(entry("2.00", *[transaction("1.00", inside=PARTY.format("Åsa"))] * 2)).decode()
    latin = data.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    wide = data.replace("UTF-8", "UTF-16").encode("utf-16")
    prefixed = re.sub(r"<(/?)(?=[A-Z])", r"<\1n:", data).replace("xmlns=", "xmlns:n=").encode()
    assert told(latin) == told(wide) == told(prefixed) == told(data.encode())
    assert not any(shown(other, "053.001.08")[0] for other in (latin, wide, prefixed))
    assert shown(data.encode(), "053.001.08")[0] == 2
