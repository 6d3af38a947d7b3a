"""A line of 80 columns as BgMax and OCR giro have them: what stands where, counted from 1 as in the manuals."""

from dataclasses import dataclass

from bankfiles.errors import UnreadableAmount, WrongRecord


@dataclass(slots=True)
class Columns:
    """One line: its number from 1 and its text, padded to 80 columns."""

    number: int
    text: str

    @property
    def position(self) -> str:
        """Where it stands, for a person."""
        return f"line {self.number}"

    def column(self, first: int, last: int) -> str:
        """Columns `first` to `last`, both included, without blanks around."""
        return self.text[first - 1 : last].strip()

    def number_in(self, first: int, last: int, what: str) -> int:
        """The digits that must fill the columns; raises UnreadableAmount for an amount, else WrongRecord."""
        field = self.text[first - 1 : last]
        if field.isascii() and field.isdigit():
            return int(field)
        kind = UnreadableAmount if what == "amount" else WrongRecord
        sentence = 'columns {first}-{last} should be the {what}, but are "{field}"'
        raise kind(self.position, sentence, first=first, last=last, what=what, field=field)
