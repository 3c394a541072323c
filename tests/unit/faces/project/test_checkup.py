"""The doctor names what is wrong and what to do; probes and logs say what they should and no more."""

from __future__ import annotations

import json
import logging
import os
from datetime import timedelta
from pathlib import Path

import people
import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from patron.crm.kit import audit, clock
from patron.crm.kit.policy import System
from patron.faces.project import checkup, environment, health, logs, requests, tables
from patron.faces.project.commands.serve import Address, web_words, worker_words


def states(findings) -> list[str]:
    return [finding.state for finding in findings]


@pytest.mark.django_db
def test_a_sound_server_has_no_problem_but_what_is_missing_here(settings) -> None:
    settings.EMAIL_HOST = ""
    people.person("owner")
    for check in (checkup.versions, checkup.folder, checkup.secret_key, checkup.migrations, checkup.work, checkup.time):
        assert states(check()) == ["ok"], check.__name__
    assert states(checkup.owners()) == ["ok"]
    assert states(checkup.mail()) == ["note"]
    assert states(checkup.worker()) == ["note"]


@pytest.mark.django_db
def test_every_finding_that_is_not_well_says_what_to_do(settings, tmp_path: Path, monkeypatch) -> None:
    key = tmp_path / "key"
    key.write_text("x" * 50)
    key.chmod(0o644)
    monkeypatch.setenv("PATRON_SECRET_KEY_FILE", str(key))
    settings.DEBUG, settings.PUBLIC_URL, settings.SECURE = True, "http://crm.example.com", False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    entry = audit.record(System(), "x.y")
    type(entry).objects.filter(pk=entry.pk).update(at=clock.now() + timedelta(hours=1))
    monkeypatch.setattr(tables, "waiting", lambda: ["accounts.0009"])
    found = [*checkup.secret_key(), *checkup.configuration(), *checkup.mail(), *checkup.time(), *checkup.owners()]
    found += checkup.migrations()
    assert states(found) == ["problem"] * 7
    assert all(finding.remedy is not None and finding.remedy.zh for finding in found)


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_a_finding_and_ends_the_questions(monkeypatch) -> None:
    def refuse() -> list[checkup.Finding]:
        raise OperationalError("no such host")

    monkeypatch.setattr(checkup, "database", refuse)
    last = checkup.everything()[-1]
    assert last.state == "problem"
    assert last.remedy is not None
    assert "no such host" in last.remedy.en


@pytest.mark.django_db
def test_the_whole_check_up_is_made(monkeypatch) -> None:
    if connection.vendor == "sqlite":  # that of the tests is in memory, which a doctor does not like
        monkeypatch.setattr(checkup, "database", lambda: [])
    else:
        assert states(checkup.database()) == ["ok"]
    assert len(checkup.everything()) >= 10


# ---- probes --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_and_readiness_answer_whatever_the_name_of_the_host(client, settings) -> None:
    settings.ALLOWED_HOSTS = ["crm.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    alive = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    ready = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "worker": "none"})
    assert client.get("/settings/", headers={"host": "10.0.0.7"}).status_code in {301, 400}


@pytest.mark.django_db
def test_a_server_without_its_tables_or_database_is_not_ready(monkeypatch) -> None:
    monkeypatch.setattr(tables, "waiting", lambda: ["x"])
    assert health.readiness()["status"] == "unready"

    def refuse() -> list[str]:
        raise OperationalError

    monkeypatch.setattr(tables, "waiting", refuse)
    assert health.readiness() == {"status": "unready", "why": "the database does not answer"}
    response = health.health(lambda _request: None)(RequestFactory().get("/readyz"))
    assert response.status_code == 503


# ---- logs ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_request_is_told_without_its_secrets(client, caplog) -> None:
    user = people.signed_in(client, "owner")
    with caplog.at_level(logging.INFO, "patron.request"):
        client.get("/join/a-secret/?email=han@example.org", headers={"x-request-id": "abc-12345678"})
        unknown = client.get("/nowhere/韩梅梅/")
    lines = [json.loads(logs.JsonFormatter().format(record)) for record in caplog.records]
    first, second = (line for line in lines if line["logger"] == "patron.request")
    assert (first["route"], first["status"], first["user"], first["request"]) == (
        "join/<str:secret>/", 410, user.pk, "abc-12345678",
    )  # fmt: skip
    assert second["route"] == ""
    assert len(unknown.headers["X-Request-ID"]) == 16
    said = json.dumps(lines, ensure_ascii=False)
    for private in ("a-secret", "han@example.org", "韩梅梅", user.email):
        assert private not in said


def test_an_error_is_told_by_its_place_not_its_words() -> None:
    try:
        raise ValueError("Key (email)=(han@example.org) already exists")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "unexpected", "exc_info": (type(error), error, error.__traceback__)})
    line = json.loads(logs.JsonFormatter().format(record))
    assert line["error"] == "ValueError"
    assert "test_checkup.py" in line["where"][-1]
    assert "han@example.org" not in json.dumps(line)
    assert requests.level(503) == logging.WARNING
    assert logs.where(None) == []


# ---- addresses -----------------------------------------------------------------------------------------------


def test_what_depends_on_the_public_address_follows_from_it(monkeypatch) -> None:
    monkeypatch.setenv("PATRON_HOSTS", "intern.example.com")
    assert environment.hosts("https://crm.example.com")[:2] == ["intern.example.com", "crm.example.com"]
    assert environment.origin("https://crm.example.com/x") == ["https://crm.example.com"]


def test_the_address_is_shown_as_one_opens_it() -> None:
    assert Address("0.0.0.0", 8001).url == "http://localhost:8001/"
    assert Address("192.0.2.7").url == "http://192.0.2.7:8000/"
    assert Address("2001:db8::1").url == "http://[2001:db8::1]:8000/"
    words = web_words(Address("127.0.0.1", 8001))
    assert words[words.index("--port") + 1] == "8001"
    assert "--workers-kill-timeout" in words
    assert worker_words("now")[-3:] == ["worker", "--queue", "now"]
    assert os.path.isabs(words[0])
