"""The examples of docs/api.md do what they say: every curl line is asked in order, and none is refused."""

from __future__ import annotations

import re
import shlex

import pytest
from people import person
from programs import API, base, program, token

from patron.faces.api.problems import KINDS

CURLS = "application/x-www-form-urlencoded"  # what curl says of whatever -d sends


def commands(repository) -> list[list[str]]:
    """The words of every curl line."""
    text = (repository / "docs" / "api.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.startswith("curl")]


@pytest.mark.django_db(transaction=True, reset_sequences=True)  # the manual speaks of customer 1
def test_every_example_of_the_manual_is_answered(repository):
    owner = person("owner")
    base()
    key, asking = token(owner), program(owner)
    found = commands(repository)
    assert len(found) >= 10
    for words in found:
        method, body, headers, address = "", None, {}, words[-1]
        for option, value in zip(words[1:-1:2], words[2:-1:2], strict=True):
            if option == "-H":
                name, _, told = value.partition(": ")
                headers[name.replace("-", "_")] = told.replace("$TOKEN", key)
            body = value.encode() if option == "-d" else body
            method = value if option == "-X" else method
        path = address.removeprefix(f"$PATRON{API}").replace("/customers/1", f"/customers/{first_customer()}")
        answer = asking.ask(method or ("GET" if body is None else "POST"), path, body, CURLS, **headers)
        assert answer.status_code < 300, f"{shlex.join(words)}: {answer.content.decode()}"


def first_customer() -> int:
    from patron.crm.customers.models import Customer

    return Customer.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)[0]


def test_every_status_is_in_the_manual(repository):
    text = (repository / "docs" / "api.md").read_text("utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d{3}) \|", text, re.MULTILINE)}
    assert told == KINDS.keys() - {500}
