"""Lists are complete by test (design law 7): whoever has no docstring, no test or no place in the manual is named.

The walks find things by themselves: a new model, feature, metric, file kind, command, table or error is judged by being
there. An exception carries its reason; one that is no longer needed fails.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import patron
from patron.errors import PatronError
from patron.faces.cli.commands import COMMANDS
from patron.faces.cli.main import INTERRUPTED, READER_GONE, TOLD_TO_END
from patron.history.files.kinds import KINDS
from patron.lifecycle import tables
from patron.lifecycle.features import FEATURES
from patron.lifecycle.models import catalogue
from patron.study.pictures.terms import MODELS as MODEL_WORDS

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "patron"
WORD = re.compile(r"\w+")

# Modules that no test names anything of, and why that is right.
UNTESTED: dict[str, str] = {
    **dict.fromkeys(
        ("history.files.delimited", "history.files.layout", "history.files.survey"),
        "steps of `read_orders`, tested through it with whole files",
    ),
    "study.inputs": "the way in of `analyze`, tested through it",
    "history.files.glance": "what an upload recognises, tested through `upload` and the pages of imports",
    "history.files.record_orders": "a step of `prepare_records`, tested through imports of orders",
    "faces.web.accounts.adapter": "what allauth asks, tested through the pages of signing in",
    "faces.web.accounts.middleware": "one-time passwords and ended sessions, tested through the pages",
}
# Public things without a docstring, and why.
UNDOCUMENTED: dict[str, str] = {}


def modules() -> list[str]:
    """Every module of the package by its dotted name."""
    return sorted(m.name for m in walk_packages(patron.__path__, "patron.") if not m.name.endswith("__main__"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def words_of_tests() -> frozenset[str]:
    """Every name, attribute and word of a text in the tests, these walks left out."""
    found: set[str] = set()
    for path in (REPOSITORY / "tests").rglob("*.py"):
        if path != Path(__file__):
            found.update(WORD.findall(path.read_text(encoding="utf-8")))
    return frozenset(found)


def manual(*names: str) -> str:
    return "\n".join((REPOSITORY / name).read_text(encoding="utf-8") for name in names)


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """(dotted name below the package, node) of a module and of its public classes, functions and methods."""
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    yield module, tree(path)
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{module}:{node.name}", node
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{module}:{node.name}.{inner.name}", inner


def everything_public() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if path.parent.name != "migrations":  # written by makemigrations; every database test runs them
            yield from public(path)


def judge(found: Iterable[str], exceptions: dict[str, str], what: str) -> None:
    """Fails for whatever is found and has no exception, and for an exception that nothing needs any more."""
    names = set(found)
    open_, stale = sorted(names - exceptions.keys()), sorted(exceptions.keys() - names)
    assert not open_, f"{what}: {', '.join(open_)}"
    assert not stale, f"these exceptions are stale: {', '.join(stale)}"
    assert all(exceptions.values()), "an exception needs its reason"


# ---- code --------------------------------------------------------------------------------------------------


def test_every_module_loads() -> None:
    for name in modules():
        import_module(name)


def overrides(name: str) -> bool:
    """Whether a method stands for one of the same name in a base class, whose docstring holds for it too."""
    module, _, rest = name.partition(":")
    cls, dot, method = rest.partition(".")
    if not dot:
        return False
    bases = getattr(import_module(f"patron.{module}"), cls).__mro__[1:]
    return any(inspect.getdoc(getattr(base, method, None)) for base in bases if base is not object)


def test_everything_public_has_a_docstring() -> None:
    bare = (name for name, node in everything_public() if not ast.get_docstring(node))  # type: ignore[arg-type]
    judge((name for name in bare if not overrides(name)), UNDOCUMENTED, "without a docstring")


def test_every_module_has_a_test_that_names_it_or_something_of_it() -> None:
    named: dict[str, set[str]] = {}
    for name, _ in everything_public():
        module, _, rest = name.partition(":")
        named.setdefault(module, {module.rpartition(".")[2]}).update(rest.split(".")[:1])
    empty = {module for module, names in named.items() if len(names - {""}) == 1}  # nothing public in it
    untested = (module for module, names in named.items() if module not in empty and not names & words_of_tests())
    judge(untested, UNTESTED, "in no test")


def test_the_walks_are_not_blind() -> None:
    assert len(list(everything_public())) > 100
    with pytest.raises(AssertionError, match=r"without: lifecycle\.nobody"):
        judge(["lifecycle.nobody"], {}, "without")
    with pytest.raises(AssertionError, match=r"stale: lifecycle\.gone"):
        judge([], {"lifecycle.gone": "left"}, "without")


# ---- models, features, metrics, file kinds -------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(catalogue.MODELS))
def test_every_model_says_what_it_is_and_is_in_the_glossary(name: str) -> None:
    made = catalogue.model(name)
    assert made.name == name
    assert inspect.getdoc(type(made)), f"{name} has no docstring"
    if not name.startswith("baseline"):
        assert f"`{name}`" in manual("GLOSSARY.md"), f"{name} is not in the glossary"


def test_the_report_has_a_word_for_every_model_that_competes() -> None:
    assert {*catalogue.PURCHASE, *catalogue.SPEND} == set(MODEL_WORDS)


def test_the_contract_suite_takes_its_models_from_the_catalogue() -> None:
    suite = "\n".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests/contract").rglob("test_*.py"))
    missing = [
        room for room in ("PURCHASE", "SPEND", "VALUE", "TABLE") if not re.search(rf"\b({room}|MODELS)\b", suite)
    ]
    assert not missing, f"no contract test walks over {missing}"


def test_every_model_file_is_in_the_catalogue() -> None:
    """A class with `fit` and `restore` that the catalogue does not name would be judged by nobody."""
    named = {target.partition(":")[2] for target in catalogue.MODELS.values()}
    judge((c for c in model_classes() if c not in named), {}, "models that the catalogue does not name")


def model_classes() -> Iterator[str]:
    for path in (SOURCE / "lifecycle" / "models").rglob("*.py"):
        if path.name == "base.py":  # what models have in common
            continue
        for node in tree(path).body:
            methods = {n.name for n in node.body if isinstance(n, ast.FunctionDef)} if is_class(node) else set()
            if {"fit", "restore"} <= methods and not any("Protocol" in ast.unparse(b) for b in node.bases):
                yield node.name


def is_class(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and not node.name.startswith("_")


# A step on the way to others, that no table shows, needs no page of its own.
SHOWN = [feature for feature in FEATURES if any(feature.name in shape.names for shape in tables.SHAPES)]


@pytest.mark.parametrize("feature", SHOWN, ids=lambda feature: feature.name)
def test_every_feature_is_in_the_manual(feature: object) -> None:
    assert f"`{feature.name}`" in manual("docs/features.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_every_file_kind_says_what_it_is(kind: object) -> None:
    assert inspect.getdoc(type(kind))
    assert kind.name  # type: ignore[attr-defined]


# ---- tables and scores ---------------------------------------------------------------------------------------

SHAPES = [value for value in vars(tables).values() if isinstance(value, tables.TableShape)]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_table_says_what_its_rows_and_columns_are(shape: tables.TableShape) -> None:
    assert shape in tables.SHAPES, f"{shape.name} is not in SHAPES"
    assert shape.one_row
    assert set(shape.key) <= set(shape.names)
    assert not [column.name for column in shape.columns if not column.about]
    assert len(set(shape.names)) == len(shape.names)


# ---- commands and errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_in_the_manual_in_both_languages_and_has_a_docstring(name: str) -> None:
    command = COMMANDS[name]
    assert command.about.en != command.about.zh
    assert inspect.getdoc(command.load())
    assert re.search(rf"^\$ (\./)?patron {name}\b", manual("docs/cli.md", "README.md"), re.MULTILINE)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_option_of_every_command_is_in_the_manual(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from patron.faces.cli.main import main

    main([name, "--help", "--lang", "en"])
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert not [option for option in sorted(options) if option not in manual("docs/cli.md")]


def errors() -> list[type[PatronError]]:
    """PatronError and every class below it, wherever it is defined."""
    for name in modules():
        import_module(name)
    found, seen = [PatronError], []
    while found:
        seen.append(found.pop())
        found += seen[-1].__subclasses__()
    return seen


def test_every_error_says_what_it_means_and_its_exit_code_is_in_the_manual() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", manual("docs/cli.md"), re.MULTILINE)}
    for error in errors():
        assert inspect.getdoc(error), f"{error.__name__} has no docstring"
        assert error.exit_code in codes, f"{error.__name__} leaves with {error.exit_code}, which docs/cli.md lacks"
    assert {0, INTERRUPTED, READER_GONE, TOLD_TO_END} <= codes
    assert codes == {0, INTERRUPTED, READER_GONE, TOLD_TO_END} | {error.exit_code for error in errors()}


# ---- words ---------------------------------------------------------------------------------------------------


def glossary() -> list[list[str]]:
    """Rows of the glossary: English, Chinese, code, meaning."""
    rows = [line.strip("| \n").split(" | ") for line in manual("GLOSSARY.md").splitlines() if line.startswith("| ")]
    return [row for row in rows if row[0] != "English" and not row[0].startswith("---")]


def test_every_term_is_there_once_in_both_languages_with_a_meaning() -> None:
    rows = glossary()
    assert all(len(row) == 4 and all(row) for row in rows), [row for row in rows if len(row) != 4 or not all(row)]
    for column in (0, 1):
        terms = [row[column].lower() for row in rows]
        assert len(set(terms)) == len(terms), sorted(t for t in terms if terms.count(t) > 1)


def test_every_term_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    code += manual("docs/figures.md", "docs/cli.md")
    used = set(WORD.findall(code)) | {"_low", "_high"} | set(re.findall(r"[\w.]+", code))
    unused = [row[0] for row in glossary() if not any(w in used for w in re.findall(r"`([^`]+)`", row[2]))]
    assert not unused


# ---- decisions and pins --------------------------------------------------------------------------------------


def test_decisions_are_numbered_and_short() -> None:
    pages = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{i:04}" for i in range(1, len(pages) + 1)]
    long = {page.name: n for page in pages if (n := len(page.read_text().splitlines())) > 45}
    assert not long


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pins_name_no_index_and_have_a_hash_each(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    assert not re.search(r"//|--(extra-)?index|--find-links|@", text)
    pins = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert len(pins) >= 20
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_pins_satisfy_the_ranges_of_the_package() -> None:
    import tomllib

    from packaging.requirements import Requirement

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    for name, wanted in [
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-dev.txt", [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]),
    ]:
        pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (REPOSITORY / name).read_text(), re.MULTILINE))
        for requirement in map(Requirement, wanted):
            version = pins[requirement.name.lower()]
            assert requirement.specifier.contains(version), f"{name}: {requirement} but {version}"
