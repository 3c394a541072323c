"""So many requests a minute for each token, counted together by every process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from people import person
from programs import program

from patron.crm.kit.policy import System
from patron.faces.api import limits
from patron.faces.api.problems import Problem


@pytest.fixture
def few(settings, tmp_path):
    settings.API_RATE, settings.HOME = 2, tmp_path
    return settings


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_every_answer_says_what_is_left_and_above_it_there_is_429(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 120.0)
    asking = program(person())
    assert [asking.get("/me")["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    refused = asking.get("/me")
    assert (refused.status_code, refused["Retry-After"], refused["RateLimit-Limit"]) == (429, "60", "2")
    assert refused.json()["detail"] == "More than 2 requests in a minute."


@pytest.mark.usefixtures("few")
@pytest.mark.django_db
def test_another_token_has_its_own_count():
    user = person()
    first, second = program(user), program(user)
    first.get("/me"), first.get("/me"), first.get("/me")
    assert second.get("/me").status_code == 200


@pytest.mark.usefixtures("few")
def test_a_minute_later_it_begins_anew():
    for now in (100, 101, 200):
        assert limits.counted(System(), now) is not None
    with pytest.raises(Problem):
        limits.counted(System(), 201), limits.counted(System(), 202)


@pytest.mark.usefixtures("few")
def test_another_process_counts_along(tmp_path):
    place = f"Path({str(tmp_path)!r}) / 'limits.sqlite3'"
    counting = f"from patron.faces.api.limits import _count; print(_count({place}, 'user None', 1))"
    script = f"import django; from pathlib import Path; django.setup(); {counting}"
    limits.counted(System(), 60)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "patron.faces.project.settings"}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "2"


def test_no_limit_is_no_count(few):
    few.API_RATE = 0
    assert limits.counted(System(), 60) is None
