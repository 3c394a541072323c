"""`./patron` in a clone: installs once, mends what was cut short, keeps two calls apart, and names what is missing.

A stand-in for Python takes notes of what it is asked, so that nothing is downloaded here.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = ["sh", "dirname", "readlink", "cat", "cksum", "mkdir", "rm", "cp", "grep", "tail", "sleep", "touch", "mktemp"]
STAND_IN = r"""#!/bin/sh
printf '%s\n' "$*" >>"$NOTES"
for last; do :; done
case "$*" in
*"version_info < (3, 11)"*) [ -z "${OLD:-}" ] || exit 0; printf '%s\n' "$0" ;;
*"import pip"*) [ -z "${NO_PIP:-}" ] || exit 1; [ ! -e "${0%/bin/python}/without-pip" ] ;;
*_base_executable*) cat "${0%/bin/python}/base" ;;
*sysconfig*) printf '%s/lib\n' "${0%/bin/python}" ;;
*%d.%d*) echo 3.12 ;;
*"-m venv "*)
    case "$*" in *--without-pip*) ;; *) [ -z "${NO_ENSUREPIP:-}" ] || exit 1 ;; esac
    mkdir -p "$last/bin" "$last/lib"
    cp "$0" "$last/bin/python"
    printf '%s\n' "$0" >"$last/base"
    case "$*" in *--without-pip*) touch "$last/without-pip" ;; esac ;;
*"-m pip "*--version) [ -z "${NO_PIP:-}" ] ;;
*"-m pip "*install*) sleep "${SLOW:-0}"; exit "${REFUSE:-0}" ;;
*"-m patron"*) printf 'ran <%s> home=%s path=%s\n' "$*" "$PATRON_HOME" "${PYTHONPATH:-}" ;;
*"-m pytest"*) printf 'tested <%s> in %s\n' "$*" "$PWD" ;;
*) exit 3 ;;
esac
"""


@dataclass
class Clone:
    """A clone with a stand-in for Python on an otherwise bare PATH."""

    root: Path
    bin: Path
    notes: Path

    def start(self, *words: str, through: Path | None = None, **environ: str) -> subprocess.Popen[str]:
        environ = {"PATH": str(self.bin), "NOTES": str(self.notes), "LC_ALL": "C.UTF-8", **environ}
        command = [str(through or self.root / "patron"), *words]
        return subprocess.Popen(
            command, cwd="/", env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
        )

    def run(self, *words: str, through: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words, through=through, **environ)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def asked(self, what: str) -> list[str]:
        """The notes of the stand-in that hold `what`."""
        return [line for line in self.notes.read_text().splitlines() if what in line] if self.notes.exists() else []

    def tool(self, name: str, text: str = "#!/bin/sh\nexit 0\n") -> None:
        """Puts a program on the PATH."""
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)


@pytest.fixture
def clone(tmp_path: Path, repository: Path) -> Clone:
    root, tools = tmp_path / "我的 客户" / "clone", tmp_path / "bin"
    root.mkdir(parents=True)
    tools.mkdir()
    shutil.copy(repository / "patron", root / "patron")
    (root / "requirements.txt").write_text("numpy==1 \\\n    --hash=x\n")
    (root / "requirements-dev.txt").write_text("numpy==1 \\\n    --hash=x\npytest==1 \\\n    --hash=y\n")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tools / tool).symlink_to(found)
    made = Clone(root, tools, tmp_path / "notes")
    made.tool("python3", STAND_IN)
    return made


def test_the_first_call_installs_by_hash_and_runs(clone: Clone) -> None:
    done = clone.run("analyze", "my orders.csv")
    assert done.returncode == 0, done.stderr
    assert "Installing 1 pinned packages" in done.stderr
    assert "<-P -m patron analyze my orders.csv>" in done.stdout
    assert f"home={clone.root}/var" in done.stdout
    (install,) = clone.asked(" install ")
    assert "--require-hashes --only-binary :all:" in install
    assert (clone.root / ".venv/lib/patron-clone.pth").read_text() == "../../../../src\n"


def test_the_second_call_installs_nothing(clone: Clone) -> None:
    clone.run("version")
    done = clone.run("version")
    assert done.stderr == ""
    assert len(clone.asked(" install ")) == 1


def test_it_works_through_a_link_from_elsewhere(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "patron"
    link.symlink_to(os.path.relpath(clone.root / "patron", link.parent))
    assert f"home={clone.root}/var" in clone.run("version", through=link).stdout


def test_what_the_shell_adds_to_python_is_left_out(clone: Clone) -> None:
    assert clone.run("version", PYTHONPATH="/elsewhere").stdout.endswith("path=\n")


def test_a_home_of_ones_own_is_kept(clone: Clone) -> None:
    assert "home=/mine " in clone.run("version", PATRON_HOME="/mine").stdout


def test_words_after_test_go_to_pytest_alone(clone: Clone) -> None:
    done = clone.run("test", "tests/unit", "-k", "x")
    assert done.stdout == f"tested <-P -m pytest tests/unit -k x> in {clone.root}\n"
    (install,) = clone.asked(" install ")
    assert install.endswith("requirements-dev.txt")


def test_the_development_tools_hold_the_rest_too(clone: Clone) -> None:
    clone.run("test", "tests/unit")
    clone.run("version")
    assert len(clone.asked(" install ")) == 1


def test_new_pins_are_brought_in_without_starting_anew(clone: Clone) -> None:
    clone.run("version")
    (clone.root / ".venv" / "mine").touch()
    (clone.root / "requirements.txt").write_text("numpy==2 \\\n    --hash=z\n")
    assert clone.run("version").returncode == 0
    assert len(clone.asked(" install ")) == 2
    assert (clone.root / ".venv" / "mine").exists()


def test_an_environment_of_somebody_else_is_added_to(clone: Clone) -> None:
    clone.run("version")
    (clone.root / ".venv/patron.stamp").unlink()
    (clone.root / ".venv" / "mine").touch()
    assert clone.run("version").returncode == 0
    assert (clone.root / ".venv" / "mine").exists()


def test_a_refused_installation_is_said_and_tried_again(clone: Clone) -> None:
    done = clone.run("version", REFUSE="1")
    assert done.returncode == 5
    assert ".venv.log" in done.stderr
    assert not (clone.root / ".venv.lock").exists()
    assert clone.run("version").returncode == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_installation_cut_short_is_made_anew(clone: Clone, how: signal.Signals) -> None:
    process = clone.start("version", SLOW="30")
    while not clone.asked(" install "):
        time.sleep(0.02)
    (clone.root / ".venv" / "half").touch()
    os.killpg(process.pid, how)
    process.communicate(timeout=20)
    assert process.returncode != 0
    assert clone.run("version").returncode == 0
    assert not (clone.root / ".venv" / "half").exists()
    assert not (clone.root / ".venv.lock").exists()


def test_two_calls_at_once_install_once(clone: Clone) -> None:
    both = [clone.start("version", SLOW="2") for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(clone.asked(" install ")) == 1
    assert any("waiting for it" in err for _, err in said)


def test_without_ensurepip_the_pip_of_the_system_installs_from_outside(clone: Clone) -> None:
    done = clone.run("version", NO_ENSUREPIP="1")
    assert done.returncode == 0, done.stderr
    (install,) = clone.asked(" install ")
    assert f"-m pip --python {clone.root}/.venv/bin/python install --require-hashes" in install


def test_without_pip_too_uv_installs(clone: Clone) -> None:
    clone.tool(
        "uv",
        '#!/bin/sh\nprintf \'uv %s\\n\' "$*" >>"$NOTES"\n'
        'for last; do :; done\n[ "$1" = pip ] || NO_ENSUREPIP= exec python3 -I -m venv "$last"\n',
    )
    done = clone.run("version", NO_ENSUREPIP="1", NO_PIP="1")
    assert done.returncode == 0, done.stderr
    assert clone.asked("uv pip install --require-hashes")


@pytest.mark.parametrize(
    "manager, package",
    [
        ("apt-get", "sudo apt install python3.12-venv"),
        ("dnf", "sudo dnf install python3-pip"),
        ("apk", "sudo apk add py3-pip"),
        ("brew", "brew install python@3.13"),
    ],
)
def test_with_neither_the_one_package_to_install_is_named(clone: Clone, manager: str, package: str) -> None:
    clone.tool(manager)
    done = clone.run("version", NO_ENSUREPIP="1", NO_PIP="1")
    assert done.returncode == 5
    assert package in done.stderr
    assert not (clone.root / ".venv").exists()
    assert not (clone.root / ".venv.lock").exists()


@pytest.mark.parametrize(
    "manager, package", [("apt-get", "sudo apt install python3-venv"), ("apk", "sudo apk add python3")]
)
def test_without_a_python_that_is_new_enough_it_says_so(clone: Clone, manager: str, package: str) -> None:
    clone.tool(manager)
    done = clone.run("version", OLD="1", LC_ALL="zh_CN.UTF-8")
    assert done.returncode == 5
    assert "Patron 需要 Python 3.11" in done.stderr
    assert package in done.stderr
