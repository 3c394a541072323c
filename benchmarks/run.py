"""Runs every benchmark here, each in a process of its own, and makes one table: `python benchmarks/run.py [NAME …]`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from measure import HERE, ONE_THREAD, PEERS


def make_peers() -> None:
    """The peers' own environment, once."""
    if PEERS.exists():
        return
    print("Installing the peers into .venv-peers (once) …", file=sys.stderr)
    folder = PEERS.parent.parent
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    install = [
        "install",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        HERE / "peers/requirements.txt",
    ]
    subprocess.run([sys.executable, "-m", "pip", "--python", PEERS, *install], check=True)


def run(script: Path, scale: float) -> list[dict[str, object]]:
    """The figures of one benchmark; its own words go to stderr."""
    import os

    print(f"{script.stem} …", file=sys.stderr)
    command = [sys.executable, script, "--scale", str(scale)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **ONE_THREAD})
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main() -> int:
    """Prints the table; 1 if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these (cli, analyze …)")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the simulated data, 1 = as the issue says")
    args = parser.parse_args()
    make_peers()
    scripts = [HERE / f"bench_{name}.py" for name in args.names] or sorted(HERE.glob("bench_*.py"))
    figures = [figure for script in scripts for figure in run(script, args.scale)]
    print("| figure | value | wanted | |\n| --- | --- | --- | --- |")
    for f in figures:
        unit = f" {f['unit']}" if f["unit"] else ""
        mark = "" if f["met"] else "**missed**"
        print(f"| {f['name']} | {f['value']:.3g}{unit} | {f['wanted']} {f['bound']:g}{unit} | {mark} {f['note']} |")
    return 0 if all(f["met"] for f in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
