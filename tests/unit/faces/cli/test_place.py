"""A run is written whole or not at all, and never over something else."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from patron.errors import ResourceError, UsageError
from patron.faces.cli.place import MARK, Place, choose

TODAY = date(2026, 11, 22)


def earlier_run(folder: Path) -> Path:
    folder.mkdir()
    (folder / MARK).write_text("{}")
    (folder / "report.html").write_text("old")
    return folder


def write(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    (folder / MARK).write_text("{}")
    (folder / "report.html").write_text("new")
    return folder / "report.html"


def broken(folder: Path) -> Path:
    write(folder)
    raise KeyboardInterrupt


def test_without_out_each_run_of_a_day_gets_its_own_folder(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        place = choose(None, replace=False, today=TODAY, beside=tmp_path)
        place.fill(write)
        names.append(place.folder.name)
    assert names == ["patron-run-2026-11-22", "patron-run-2026-11-22-2", "patron-run-2026-11-22-3"]


def test_a_new_folder_below_new_folders_is_made(tmp_path: Path) -> None:
    place = choose(str(tmp_path / "a" / "b"), replace=False, today=TODAY, beside=tmp_path)
    place.check()
    assert place.fill(write) == tmp_path / "a" / "b" / "report.html"
    assert place.folder.is_dir()


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    place = Place(tmp_path / "out", replace=False)
    place.folder.mkdir()
    place.check()
    assert place.fill(write).read_text() == "new"


def test_an_earlier_run_is_kept_unless_overwrite_is_said(tmp_path: Path) -> None:
    folder = earlier_run(tmp_path / "out")
    with pytest.raises(UsageError, match="--overwrite"):
        Place(folder, replace=False).check()
    place = Place(folder, replace=True)
    place.check()
    place.fill(write)
    assert (folder / "report.html").read_text() == "new"
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("replace", [False, True])
def test_a_folder_with_other_files_is_never_touched(tmp_path: Path, replace: bool) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="other files"):
        Place(tmp_path, replace=replace).check()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        Place(tmp_path / "out", replace=True).check()
    with pytest.raises(ResourceError):
        Place(tmp_path / "out" / "below", replace=True).check()


def test_an_interrupted_run_leaves_the_earlier_one_as_it_was(tmp_path: Path) -> None:
    folder = earlier_run(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        Place(folder, replace=True).fill(broken)
    assert (folder / "report.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_that_may_not_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != tmp_path)  # root may write anywhere: say it may not
    with pytest.raises(ResourceError, match="can't be written"):
        Place(tmp_path / "out", replace=False).check()


def test_a_folder_that_takes_no_folders_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise FileNotFoundError(2, "No such file or directory")

    Place(tmp_path / "out", replace=False).check()
    assert os.listdir(tmp_path) == []
    monkeypatch.setattr("tempfile.mkdtemp", refuse)  # as below /proc, which looks open to root
    with pytest.raises(ResourceError, match="can't be written"):
        Place(tmp_path / "out", replace=False).check()
