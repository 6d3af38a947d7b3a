"""The doors to colleagues and their roles."""

from __future__ import annotations

from typing import Final

from tests.rights.doors import desk

STAFF: Final = {
    "staff.index_view": desk("staff.read", query={"q": "{staff_name}"}),
    "colleague.page": desk("staff.read", public_id="staff"),
    "POST colleague.disable": desk("staff.edit", form={}, public_id="staff"),
    "POST colleague.enable": desk("staff.edit", form={}, public_id="staff"),
    "POST colleague.send_link": desk("staff.edit", form={}, public_id="staff"),
    "POST colleague.end_logins": desk("staff.edit", form={}, public_id="staff"),
    "POST colleague.give": desk("staff.edit", form={"role": "1", "group": "{group_name}"}, public_id="staff"),
    "POST colleague.end_role": desk("staff.edit", form={}, public_id="staff", grant_id="grant"),
    "POST colleague.reset_second_factor": desk("staff.edit", form={}, public_id="staff"),
    "invite.ask": desk("staff.edit"),
    "POST invite.send": desk("staff.edit", form={"name": "", "email": "x"}, answers=200),
    "roles.index_view": desk("staff.read"),
    "roles.edit_view": desk("staff.read", key="role"),
    "POST roles.edit_view": desk("staff.read", "roles.edit", page="roles.edit_view", key="role"),
    "roles.create_view": desk("roles.edit"),
    "POST roles.create_view": desk("roles.edit", form={}, answers=200),
}
