"""The cache fails: nobody waits long, no answer is lost, and one warning says what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scandoc_analytics import CacheError, CacheWarning, config
from scandoc_analytics.service import store_sqlite
from tests.unit.conftest import KEY, Service, completed

if TYPE_CHECKING:
    from scandoc_analytics.client import Client

BOUND_S = 5


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said does not depend on the length of the wait; one test keeps the real one."""
    monkeypatch.setattr(store_sqlite, "_LOCK_WAIT_S", 0.2)


def fetch(client: Client, ids: list[str]) -> list[str]:
    """Fetch all of them within the bound, and give the texts of the warnings."""
    start = time.monotonic()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = client.fetch_tasks(ids)
    assert time.monotonic() - start < BOUND_S
    assert frame["task_id"].tolist() == ids
    assert frame["status"].tolist() == ["completed"] * len(ids)
    assert all(item.category is CacheWarning for item in caught)
    assert all(item.filename == __file__ for item in caught)
    return [str(item.message) for item in caught]


@pytest.fixture
def ids(service: Service) -> list[str]:
    return service.add(*(completed(f"task_{i}") for i in range(20)))


def kept(client: Client) -> Path:
    return Path(client.cache.place)


def test_all_is_well(service: Service, ids: list[str]) -> None:
    assert fetch(service.make_client(), ids) == []


@pytest.mark.parametrize("exists", [False, True])
def test_locked_at_opening(service: Service, ids: list[str], *, exists: bool) -> None:
    client = service.make_client()
    if exists:
        fetch(client, ids[:5])
        client.close()
    kept(client).parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(kept(client), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        (said,) = fetch(client, ids)
        assert "is locked by another program: close the program" in said
        assert fetch(client, ids) == []
        other.execute("ROLLBACK")
    client.cache._paused_until = 0.0
    assert fetch(client, ids) == []
    assert client.cache.info().tasks == 20


def test_locked_later(service: Service, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    client = service.make_client()
    fetch(client, ids[:5])
    with closing(sqlite3.connect(kept(client), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (said,) = fetch(client, ids)
        assert "is locked" in said
        assert fetch(client, ids) == []
        other.execute("ROLLBACK")
    # The place is tried again after a while.
    client.cache._paused_until = 0.0
    fetch(client, ids)
    assert client.cache.info().tasks == 20


def test_house_keeping_says_when_it_cannot(service: Service, ids: list[str]) -> None:
    client = service.make_client()
    fetch(client, ids)
    with closing(sqlite3.connect(kept(client), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CacheError, match="is locked"):
            client.cache.clear()
        other.execute("ROLLBACK")
    assert client.cache.clear().tasks == 20


def test_a_full_disk(service: Service, ids: list[str]) -> None:
    client = service.make_client()
    fetch(client, ids[:1])
    service.add(*(completed(i) | {"padding": "x" * 20_000} for i in ids[1:]))
    kept_in: Any = client.cache._store
    with kept_in.connection() as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count={pages}")
    (said,) = fetch(client, ids)
    assert "the disk with the cache" in said
    assert "is full: free some space" in said


@pytest.mark.parametrize("damage", ["garbage", "truncated", "overwritten"])
def test_a_damaged_file_is_set_aside(service: Service, ids: list[str], damage: str) -> None:
    client = service.make_client()
    fetch(client, ids)
    client.close()
    path = kept(client)
    content = path.read_bytes()
    damaged = {
        "garbage": b"this is no database " * 1000,
        "truncated": content[: len(content) // 2],
        "overwritten": content[:4096] + b"\xff" * (len(content) - 4096),
    }[damage]
    path.write_bytes(damaged)
    (said,) = fetch(client, ids)
    assert "was damaged: it is set aside as" in said
    (aside,) = path.parent.glob("*.damaged-*.sqlite")
    assert aside.name in said
    assert aside.read_bytes() == damaged
    assert fetch(client, ids) == []
    assert client.cache.info().tasks == 20


def test_damaged_while_it_is_open(service: Service, ids: list[str]) -> None:
    client = service.make_client()
    fetch(client, ids)
    with client.cache._store.connection() as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        database.execute("PRAGMA cache_size=0")
    content = kept(client).read_bytes()
    with kept(client).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (len(content) - 4096))
    (said,) = fetch(client, ids)
    assert "was damaged" in said
    assert client.cache.info().tasks == 20


@pytest.mark.parametrize(
    "damage",
    [
        "NULL",
        "7",
        "'text'",
        "x'00ff'",
        "cast(substr(cast(value AS blob), 1, 60) || x'ff00ff' AS blob)",
        "(SELECT value FROM answers WHERE key = 't:task_0')",
    ],
)
def test_one_damaged_answer_is_asked_for_again(
    service: Service, ids: list[str], damage: str
) -> None:
    with service.make_client() as client:
        client.fetch_tasks(ids)
        with closing(sqlite3.connect(client.cache.place)) as other, other:
            other.execute(f"UPDATE answers SET value = {damage} WHERE key = 't:task_1'")  # noqa: S608
        service.forget_requests()
        (text,) = fetch(client, ids)
        assert text.endswith("are damaged: they count as not kept")
        assert service.paths == ["/v1/tasks/task_1"]
        assert fetch(client, ids) == []
        assert service.paths == ["/v1/tasks/task_1"]


def test_two_clients_meet_the_same_damage(service: Service, ids: list[str]) -> None:
    one, two = service.make_client(), service.make_client()
    fetch(one, ids)
    fetch(two, ids)
    one.close()
    two.close()
    kept(one).write_bytes(b"this is no database " * 1000)
    assert len(fetch(one, ids)) == 1
    assert fetch(two, ids) == []
    assert len(list(kept(one).parent.glob("*.damaged-*"))) == 1


def test_a_file_of_a_newer_layout_is_left_alone(service: Service, ids: list[str]) -> None:
    client = service.make_client()
    kept(client).parent.mkdir()
    with closing(sqlite3.connect(kept(client))) as newer:
        newer.execute("PRAGMA user_version=99")
    (said,) = fetch(client, ids)
    assert "was made by a newer version of this package: update the package" in said
    with closing(sqlite3.connect(kept(client))) as newer:
        assert newer.execute("PRAGMA user_version").fetchone() == (99,)
        assert newer.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    with pytest.raises(CacheError, match="newer version"):
        client.cache.info()


def test_a_folder_that_is_a_file(service: Service, ids: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (said,) = fetch(service.make_client(cache=tmp_path / "file"), ids)
    assert "cannot be used" in said
    assert "give another folder with cache=" in said
    (said,) = fetch(service.make_client(cache=tmp_path / "file" / "below"), ids)
    assert "cannot be used" in said


def test_a_folder_that_takes_no_files(service: Service, ids: list[str]) -> None:
    (said,) = fetch(service.make_client(cache=Path("/proc/scandoc")), ids)
    assert "cannot be used" in said


AS_NOBODY = """
import os, sys, warnings
from pathlib import Path
from scandoc_analytics.client import Client
from scandoc_analytics.frame import flatten
flatten([{"id": "a", "created_at": "2026-01-01T00:00:00Z"}])  # all is imported by now
folder = Path(sys.argv[1])
if os.getuid() == 0:
    os.chown(folder, 65534, 65534)
    for path in folder.iterdir():
        os.chown(path, 65534, 65534)
    os.setuid(65534)
if sys.argv[4] == "folder":
    folder.chmod(0o500)
else:
    for path in folder.iterdir():
        path.chmod(0o400)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    client = Client(sys.argv[2], sys.argv[3], cache=folder)
    frame = client.fetch_tasks(["task_0", "task_1"])
assert frame["status"].tolist() == ["completed"] * 2
(said,) = caught
print(said.message)
"""


@pytest.mark.parametrize("what", ["folder", "file"])
def test_read_only(service: Service, ids: list[str], what: str) -> None:
    # A folder that another user may reach, for root is held up by no mode.
    import tempfile  # noqa: PLC0415 - only here

    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        folder = Path(made) / "kept"
        folder.mkdir()
        if what == "file":
            with service.make_client(cache=folder) as client:
                fetch(client, ids[:1])
        key = next(iter(service.keys))
        command = [sys.executable, "-c", AS_NOBODY, str(folder), key, service.base_url, what]
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 0, done.stderr
    assert "cannot be used" in done.stdout


def test_no_home(service: Service, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCANDOC_CACHE_DIR")
    monkeypatch.setenv("HOME", "/proc/nobody")
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nobody/.cache")
    (said,) = fetch(service.make_client(cache=True), ids)
    assert "cannot be used" in said


def test_nobody_has_a_home(
    service: Service, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "_default_cache_dir", lambda: None)
    monkeypatch.delenv("SCANDOC_CACHE_DIR")
    with pytest.warns(
        CacheWarning, match="no home folder .* give a folder with cache= or"
    ) as caught:
        client = service.make_client(cache=True)
    assert len(caught) == 1
    assert fetch(client, ids) == []


READ_OFFLINE = """
import os, sys
from pathlib import Path
from scandoc_analytics.client import Client
from scandoc_analytics.frame import flatten
# Another user could not import what lies in this one's folders.
flatten([{"id": "a", "created_at": "2026-01-01T00:00:00Z"}])
import scandoc_analytics.service.store_sqlite
folder = Path(sys.argv[1])
for path in (folder, *folder.iterdir()):
    os.chown(path, 65534, 65534)
    path.chmod(0o500 if path == folder else 0o400)
os.setuid(65534)
client = Client(sys.argv[2], sys.argv[3], cache=folder, offline=True)
print(client.fetch_tasks(["task_a"])["status"].tolist())
"""


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="becomes another user")
def test_offline_from_a_folder_that_can_only_be_read(service: Service) -> None:
    service.add(completed("task_a"))
    # Not pytest's own folder: the other user may not enter that.
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        folder = Path(made) / "kept"
        with service.make_client(cache=folder) as client:
            client.task("task_a")
        command = [sys.executable, "-c", READ_OFFLINE, str(folder), KEY, service.base_url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stdout == "['completed']\n", done.stderr


def test_offline_without_a_place_to_read_from(service: Service, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for cache, says in ((False, "cannot go with cache=False"), (tmp_path / "file", "be used")):
        client = service.make_client(cache=cache, offline=True)
        with pytest.raises(CacheError, match=says):
            client.task("task_0")
        with pytest.raises(CacheError, match=says):
            client.fetch_tasks(["task_0"])
        with pytest.raises(CacheError, match=says):
            client.list_tasks()
