"""The twelve lists people ask for most, of a million customers: through the API and on screen, 8 clients at a time.

Each is asked by 8 clients that wait for nothing between answers, from a web server with two workers; the clients share
the two cores with it. Beside them, in the same run, the bare limit: 50 rows by one indexed query as JSON from the same
server without anything of Patron's, and the same once a request is answered at a time.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from measure import HERE, OURS, Figure, spend

sys.path.insert(0, str(HERE.parent / "tests"))
import postgres

CUSTOMERS = 1_000_000
CLIENTS, EACH, WARM = 8, 40, 5
LISTS = {
    "everybody by value at risk": "sort=-value_at_risk",
    "at risk, by value at risk": "stage=at_risk&sort=-value_at_risk",
    "a segment by expected value": "segment=champion&sort=-clv",
    "value from 500 by value": "clv_from=500&sort=-clv",
    "likely to leave, by value at risk": "risk_from=0.5&sort=-value_at_risk",
    "a common tag by expected value": "tag=newsletter&sort=-clv",
    "a rare tag by name": "tag=fair%202026&sort=name",
    "mine by name": "owner_id={owner}&sort=name",
    "bought within the last weeks": "last_order_from=2020-11-01&sort=-last_order",
    "part of a name": f"text={quote('Olsen1')}&sort=-value_at_risk",
    "two Chinese characters": f"text={quote('小明')}&sort=-clv",
    "mine, loyal, tagged and valuable": "owner_id={owner}&stage=loyal&tag=newsletter&clv_from=100&sort=-clv",
}


@contextmanager
def serving(home: str, application: list[str] | None = None) -> Iterator[int]:
    """A web server with two workers; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = application or ["-m", "patron", "serve", "--web-only"]
    log = Path(home) / f"web-{port}.log"
    with log.open("w") as out:
        server = subprocess.Popen([str(OURS), "-P", *words, "--port", str(port)], stdout=out, stderr=out)
        try:
            _wait(port, server, log)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit(log.read_text())
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer\n" + log.read_text())


def asked(port: int, path: Callable[[int], str], headers: dict[str, str], clients: int = CLIENTS) -> list[float]:
    """Milliseconds of every answer, rising. Each client keeps its connection; the first answers only warm up."""
    took: list[float] = []
    wrong: list[str] = []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for i in range(EACH + WARM):
            start = time.perf_counter()
            connection.request("GET", path(number * EACH + i), headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                wrong.append(f"{answer.status} {body[:300]!r}")
                return
            if i >= WARM:
                took.append(1000 * (time.perf_counter() - start))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{path(0)}: {wrong[0]}")
    return sorted(took)


def p95(took: list[float]) -> float:
    """95th percentile of rising values."""
    return took[int(0.95 * (len(took) - 1))]


def bookmarks(port: int, query: str, headers: dict[str, str], pages: int = 12) -> list[str]:
    """The addresses of the pages that follow each other from the first."""
    found, after = [], ""
    for _ in range(pages):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"/api/v1/customers?{query}{after}", headers=headers)
        mark = json.loads(connection.getresponse().read())["next"]
        after = f"&after={quote(mark)}"
        found.append(f"/api/v1/customers?{query}{after}")
    return found


def measure(name: str, home: str, known: dict[str, str | int]) -> None:
    """All figures of one database."""
    api = {"Authorization": f"Bearer {known['token']}"}
    screen = {"Cookie": f"sessionid={known['session']}", "Accept-Encoding": "gzip"}
    with serving(home) as port:
        worst: dict[str, tuple[float, str]] = {"API": (0, ""), "screen": (0, "")}
        for words, asks in LISTS.items():
            query = asks.format(owner=known["owner"])
            for where, path, headers in (
                ("API", f"/api/v1/customers?{query}", api),
                ("screen", f"/customers/?{query}", screen),
            ):
                took = p95(asked(port, lambda _i, path=path: path, headers))
                print(f"  {name} {where:6} {took:7.1f} ms  {words}", file=sys.stderr)
                worst[where] = max(worst[where], (took, words))
        pages = bookmarks(port, "sort=-value_at_risk", api)
        took = p95(asked(port, lambda i: pages[i % len(pages)], api))
        print(f"  {name} API    {took:7.1f} ms  the next page", file=sys.stderr)
        worst["API"] = max(worst["API"], (took, "the next page"))
        for where, bound in (("API", 60), ("screen", 150)):
            slowest, words = worst[where]
            Figure(f"slowest of the lists, {where}, {name}, p95", slowest, "ms", "at most", bound, words).say()
        page = f"/customers/{known['customer']}/"
        took = p95(asked(port, lambda _i: page, screen))
        Figure(f"customer page of 500 facts, {name}, p95", took, "ms", "at most", 150).say()
        weigh(port, screen, page)


def weigh(port: int, headers: dict[str, str], page: str) -> None:
    """What pages weigh over the wire, without what the browser keeps."""
    for path, what in (("/customers/", "a list"), (page, "a customer")):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers=headers)
        body = connection.getresponse().read()
        Figure(f"weight of {what}", len(body) / 1000, "kB", "at most", 60).say()
        gzip.decompress(body)


def bare(home: str) -> None:
    """50 rows by one indexed query, by the same server, with nothing around it."""
    words = [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "8",
        "--log-level",
        "error",
    ]
    sys.path.insert(0, str(HERE / "peers"))
    os.environ["PYTHONPATH"] = str(HERE / "peers")
    try:
        with serving(home, [*words, "bare:application"]) as port:
            took = p95(asked(port, lambda _i: "/", {}))
            Figure("bare list of 50 rows, p95", took, "ms", "at most", 60, "the limit on this machine").say()
    finally:
        del os.environ["PYTHONPATH"]


def main() -> None:
    """SQLite, then PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--home", type=Path, help="a folder with a dressed SQLite base from before, made if missing")
    args = parser.parse_args()
    customers = round(CUSTOMERS * args.scale)
    os.environ["PATRON_API_RATE"] = "0"
    with tempfile.TemporaryDirectory() as scratch:
        home = str(args.home or scratch)
        os.environ["PATRON_HOME"] = home
        os.environ.pop("PATRON_DATABASE_URL", None)
        if args.database != "postgresql":
            known = dressed(home, customers)
            bare(home)
            measure("SQLite", home, known)
    if args.database == "sqlite":
        return
    with tempfile.TemporaryDirectory() as home, postgres.running() as url:
        os.environ |= {"PATRON_HOME": home, "PATRON_DATABASE_URL": url}
        measure("PostgreSQL", home, dressed(home, customers))


def dressed(home: str, customers: int) -> dict[str, str | int]:
    """Fills, scores and dresses the base of the environment, unless it is; what `dress.py` says of it."""
    kept = Path(home) / "dressed.json"
    if not kept.exists():
        Path(home).mkdir(exist_ok=True)
        spend([OURS, HERE / "fill.py", str(customers)])
        spend([OURS, "-P", "-m", "patron", "refresh", "--as-of", "2020-12-31", "--lang", "en"])
        kept.write_text(spend([OURS, HERE / "dress.py"]).said)
    known: dict[str, str | int] = json.loads(kept.read_text())
    return known


if __name__ == "__main__":
    main()
