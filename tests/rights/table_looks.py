"""The doors of looks: own templates, and what a group lays out for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.rights.doors import desk, house

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.rights.doors import Door

_LAID: Final = {"columns-0": "1", "columns-6": "2", "grouping": "none", "logo": "left", "footer": ""}

LOOKS: Final[Mapping[str, Door]] = {
    "own_templates.page": desk("setup.read", creditor="creditor"),
    "POST own_templates.send": desk("setup.edit", form={}, answers=200, creditor="creditor"),
    "POST own_templates.ours": desk("setup.edit", form={}, creditor="creditor"),
    "own_templates.template": desk("setup.read", public_id="own_template"),
    "POST own_templates.use": desk("setup.edit", form={"from_on": "2027-12-31"}, public_id="own_template"),
    "own_templates.source": desk("setup.read", public_id="own_template"),
    "own_templates.example": desk("setup.read"),
    "coding.index_view": desk("setup.read"),
    "coding.edit_view": desk("setup.read", key="creditor"),
    "POST coding.edit_view": desk("setup.read", "setup.edit", page="coding.edit_view", key="creditor"),
    "coding_rules.ask": desk("setup.edit", creditor="creditor"),
    "POST coding_rules.add": desk("setup.edit", form={"account": ""}, answers=200, creditor="creditor"),
    "POST coding_rules.drop": desk("setup.edit", form={}, creditor="creditor", rule_id="coding_rule"),
    "group_layout.page": house("group.look"),
    "POST group_layout.save": house("group.look", form=_LAID),
    "POST group_layout.drop": house("group.look", form={}),
    "POST group_layout.preview": house("group.look", form=_LAID, answers=200),
    "POST group_layout.document": house("group.look", form=_LAID, answers=200),
}
