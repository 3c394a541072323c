"""`patron import`: counts, runs, goes on, undoes, and refuses words that mean nothing."""

from __future__ import annotations

import io

import pytest

from patron.crm.customers.models import Customer
from patron.crm.sources import jobs
from patron.crm.sources.models import Import
from patron.errors import UsageError
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands import import_ as command

CSV = "customer id,name,email\nC1,王小明,wang@example.com\nC2,Ann,\n"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """`run("FILE", …)`: (exit code, answer, remarks); Django is up already."""
    monkeypatch.setattr(command, "server", lambda _terminal: None)
    (tmp_path / "c.csv").write_text(CSV, encoding="utf-8")

    def call(*words: str, lang: str = "en") -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        words = tuple(str(tmp_path / "c.csv") if word == "FILE" else word for word in words)
        return command.import_(list(words), Terminal(lang, out, err)), out.getvalue(), err.getvalue()

    return call


@pytest.mark.django_db
def test_a_dry_run_counts_what_the_run_then_does(run):
    code, said, _ = run("FILE", "--kind", "customers", "--source", "shop", "--dry-run")
    assert (code, said) == (0, "2 new, 0 changed, 0 the same, 0 rejected\n")
    assert not Customer.objects.exists()
    assert Import.objects.get().path == ""
    code, said, _ = run("FILE", "--kind", "customers", "--source", "shop", lang="zh")
    number = Import.objects.latest("id").pk
    assert said == f"导入 {number}：新增 2，更新 0，相同 0，拒绝 0\n"
    _, said, _ = run("--undo", str(number))
    assert said.startswith("Undone: 2 rows removed")
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_columns_can_be_named(run):
    run("FILE", "--kind", "customers", "--source", "shop", "--map", "name=email", "email=")
    assert set(Customer.objects.values_list("name", "email")) == {("wang@example.com", ""), ("", "")}


@pytest.mark.django_db
def test_interrupted_it_can_go_on(run, monkeypatch):
    def interrupted(*_words, **_more):
        Import.objects.update(state="running")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "run_import", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run("FILE", "--kind", "customers", "--source", "shop")
    stopped = Import.objects.get()
    assert stopped.state == "paused"
    code, said, _ = run("--resume", str(stopped.pk))
    assert (code, said) == (0, f"Import {stopped.pk}: 2 new, 0 changed, 0 the same, 0 rejected\n")


def test_words_that_mean_nothing_are_refused(run):
    with pytest.raises(UsageError, match="name one file"):
        run()
    with pytest.raises(UsageError, match="say --kind"):
        run("FILE")
