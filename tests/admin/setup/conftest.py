"""What tests of the set-up pages share: a desk before an organisation of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from database.connect import Role
from tests.factories.staff import employ
from tests.portal.town import Town, build_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import TestServers


@pytest.fixture
def town(servers: TestServers) -> Iterator[Town]:
    """An organisation for one test: what is set up here changes what every page says."""
    with servers.copy() as database:
        built = build_town(database)
        with database.unit_of_work(Role.JOBS) as session:
            employ(session)
        yield built
