"""A backup made while Patron runs comes back whole, or not at all; on both databases."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from installation import Installation, new_database

from patron.faces.project.archive import Manifest, Swap, belongings, differences, left_out, sum_of

pytestmark = pytest.mark.database

FILL = """
from patron.crm.accounts import operations
from patron.crm.kit.policy import System
from patron.crm.customers.models import Product
operations.create_owner(by=System(), email="a@example.org", name="甲")
operations.save_team(by=System(), name="tab\\there\\nline \\\\. quote \\"")
for n in range(50):
    Product.objects.create(code=f"p{n}", name=f"茶 {n}")
"""
COUNT = """
from patron.crm.accounts.models import User, Team
from patron.crm.customers.models import Product
print(User.objects.count(), Product.objects.count(), repr(Team.objects.get().name))
print(Product.objects.create(code="next", name="next").pk > 50)
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path]:
    """An installation with two owners, fifty products and a file, and its backup. Making tables takes a while: once."""
    folder = tmp_path_factory.mktemp("filled")
    made = installation(folder / "home")
    made.run("user", "--email", "first@example.org", "--owner")
    made.python(FILL)
    (made.home / "uploads").mkdir()
    (made.home / "uploads" / "orders.csv").write_bytes(b"a,b\n1,2\n")
    said = made.run("backup", str(folder / "all.zip"))
    assert "1 files" in said
    assert "read back" in said
    return made, folder / "all.zip"


def installation(home: Path) -> Installation:
    home.mkdir()
    if os.environ.get("PATRON_TEST_DATABASE") != "postgresql":
        return Installation(home)
    return Installation(home, new_database(f"backup_{os.getpid()}_{home.name}"))


def altered(source: Path, target: Path, **change: object) -> Path:
    """The archive with something else in its manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, json.dumps(json.loads(data) | change) if name == "manifest.json" else data)
    return target


def test_a_backup_comes_back_in_an_empty_base(filled, tmp_path: Path) -> None:
    _, archive = filled
    assert archive.stat().st_mode & 0o077 == 0, "others can't read it"
    other = installation(tmp_path / "other")
    assert "every table checked" in other.run("restore", str(archive))
    assert (other.home / "uploads" / "orders.csv").read_bytes() == b"a,b\n1,2\n"
    assert other.python(COUNT).splitlines() == [r"""2 50 'tab\there\nline \\. quote "'""", "True"]
    assert not list(other.home.glob(".restoring*"))


def test_what_is_there_is_replaced_only_when_told_and_by_a_whole_archive_only(filled, tmp_path: Path) -> None:
    base, archive = filled
    base.python("from patron.crm.customers.models import Product; Product.objects.filter(code='p7').delete()")
    (base.home / "uploads" / "later.csv").write_bytes(b"later")
    assert "not empty" in base.run("restore", str(archive), code=3)
    cut, text = tmp_path / "cut.zip", tmp_path / "text.zip"
    cut.write_bytes(archive.read_bytes()[:-200])
    text.write_text("no archive")
    with zipfile.ZipFile(archive) as whole:
        tables = json.loads(whole.read("manifest.json"))["tables"]
    tables["accounts_user"][1] += 1
    for bad in (cut, text, altered(archive, tmp_path / "changed.zip", tables=tables)):
        assert "not a whole backup" in base.run("restore", str(bad), "--replace", code=3)
    products = "from patron.crm.customers.models import Product; print(Product.objects.count())"
    assert base.python(products) == "49\n"
    assert (base.home / "uploads" / "later.csv").exists()
    base.run("restore", str(archive), "--replace")
    assert base.python(products) == "50\n"
    assert [path.name for path in (base.home / "uploads").iterdir()] == ["orders.csv"]


@pytest.mark.parametrize(
    "change, words",
    [
        ({"vendor": "oracle"}, "of a oracle database"),
        ({"format": 99}, "Update Patron first"),
        ({"migrations": [["accounts", "9999_future"]]}, "newer Patron"),
    ],
)
def test_a_backup_of_another_kind_or_a_newer_patron_is_refused(filled, tmp_path: Path, change, words) -> None:
    base, archive = filled
    bad = altered(archive, tmp_path / "bad.zip", **change)
    assert words in base.run("restore", str(bad), "--replace", code=3)


def test_rows_are_told_apart_whatever_their_order() -> None:
    assert sum_of([b"a", b"b"]) == sum_of([b"b", b"a"])
    assert sum_of([b"a", b"a"]) != sum_of([b"a"])
    assert differences({"x": [1, 2], "y": [0, 0]}, {"x": [1, 3], "z": [0, 0]}) == ["x", "y", "z"]


def test_keys_locks_and_the_database_stay_out_of_the_files(tmp_path: Path) -> None:
    for name in ("secret.key", "patron.sqlite3-wal", "limits.sqlite3", ".restoring-x", "uploads.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in belongings(tmp_path)] == ["uploads.txt"]
    assert left_out("backups")


def test_files_that_were_changed_for_others_can_be_taken_back(tmp_path: Path) -> None:
    home, fresh, old = tmp_path / "home", tmp_path / "fresh", tmp_path / "old"
    for folder, words in ((home, "before"), (fresh, "after")):
        (folder / "runs").mkdir(parents=True)
        (folder / "runs" / "card.json").write_text(words)
    swap = Swap(home, fresh, old)
    swap.do()
    assert (home / "runs" / "card.json").read_text() == "after"
    swap.take_back()
    assert (home / "runs" / "card.json").read_text() == "before"
    assert Manifest("sqlite3", "", []).format == 1
