"""How one creditor's documents look and speak: columns, grouping and footer of its own, and its own words."""

from typing import Final

from documents import Column, Grouping, Layout, LogoPlace
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.groups.layout import set_layout
from dues.groups.models import Creditor, Occasion
from dues.groups.texts import Saying, add_text

LAYOUT: Final = Layout(
    columns=(Column.WHAT, Column.PERIOD, Column.QUANTITY, Column.UNIT_PRICE, Column.AMOUNT),
    grouping=Grouping.MEMBER,
    logo=LogoPlace.RIGHT,
    footer=("Samen zingen we beter.", "Vragen over deze factuur? Mail de ledenadministratie."),
)
WORDS: Final = (
    (Occasion.RENEWAL, 0, "Beste {name}, fijn dat je ook dit seizoen meezingt. Hierbij ontvang je de contributie."),
    (Occasion.ONE_OFF, 0, "Beste {name}, dank je wel voor je bestelling bij {group}."),
    (
        Occasion.REMINDER,
        1,
        "Beste {name}, is deze factuur je ontgaan? Wil je {amount} vóór {pay by} betalen?",
    ),
)


def dress(office: Office, choir: Choir) -> None:
    """Give the creditor of a choir a layout and words of its own."""
    with office.desk() as session:
        creditor = session.get_one(Creditor, choir.creditor_id)
        set_layout(session, creditor_id=creditor.id, layout=LAYOUT, groups_look=False)
        for occasion, level, words in WORDS:
            saying = Saying(creditor.group_id, occasion, choir.language, level)
            add_text(session, saying=saying, words=words, by=office.by)
