import pytest

from documents import AccountKind, ReferenceKind, written_account, written_reference


@pytest.mark.parametrize(
    ("account", "kind", "expected"),
    [
        ("50501055", AccountKind.BANKGIRO, "5050-1055"),
        ("991-2346", AccountKind.BANKGIRO, "991-2346"),
        ("415285", AccountKind.PLUSGIRO, "4 15 28-5"),
        ("4152856", AccountKind.PLUSGIRO, "41 52 85-6"),
        ("12345678903", AccountKind.NORWEGIAN, "1234.56.78903"),
        ("nl91abna0417164300", AccountKind.IBAN, "NL91 ABNA 0417 1643 00"),
        ("123", AccountKind.NORWEGIAN, "123"),
        ("see our site", AccountKind.BANKGIRO, "see our site"),
    ],
)
def test_accounts_are_printed_in_their_usual_groups(account: str, kind: AccountKind, expected: str) -> None:
    assert written_account(account, kind) == expected


def test_references_are_grouped_only_where_slips_group_them() -> None:
    assert written_reference("RF18539007547034", ReferenceKind.RF) == "RF18 5390 0754 7034"
    assert written_reference("5678901234567890", ReferenceKind.BETALINGSKENMERK) == "5678 9012 3456 7890"
    assert written_reference("1234567897", ReferenceKind.OCR) == "1234567897"
