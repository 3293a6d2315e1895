"""The house: imports point down the floors, modules stay small, named, documented and encoded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ecoval"
MODULES = sorted(PACKAGE.rglob("*.py"))

GROUND = ("units", "money", "errors", "content", "numerals", "findings", "reading", "version")
FLOORS = ("formula", "rules", "valuation", "case", "report", "audit", "verify", "batch", "cli")


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _room(module: str) -> str:
    """Return the room of a dotted name below ecoval: ``rules`` of ``rules.cards``."""
    return module.partition(".")[0]


def _floor(room: str) -> int:
    if room in GROUND:
        return 0
    return FLOORS.index(room) + 1 if room in FLOORS else len(FLOORS) + 1


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name below ecoval of each import in *path*, at whatever depth."""
    home = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("ecoval."):
                    yield node.lineno, alias.name.removeprefix("ecoval.")
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                above = home[: len(home) - node.level + 1]
                base = ".".join([*above, *([module] if module else [])])
            elif module == "ecoval" or module.startswith("ecoval."):
                base = module.removeprefix("ecoval").removeprefix(".")
            else:
                continue
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}" if base else alias.name


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_down(path: Path) -> None:
    inside = path.relative_to(PACKAGE)
    if inside.parts in (("__init__.py",), ("__main__.py",)):
        return  # the door stands on the roof
    room = inside.parts[0].removesuffix(".py")
    for line, module in _imported(path):
        other = _room(module)
        below = _floor(other) < _floor(room)
        beside = other == room or (other in GROUND and room in GROUND)
        assert below or beside, f"{_name(path)}:{line} imports {module}"


def test_every_room_is_on_a_floor() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    assert rooms - {"__init__", "__main__"} <= {*GROUND, *FLOORS}


def test_formula_knows_nothing_of_law() -> None:
    names = {module for path in MODULES if "formula" in path.parts for _, module in _imported(path)}
    assert not [module for module in names if _room(module) == "rules"]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(_tree(path))


def _public(
    body: list[ast.stmt], prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Yield the public functions and classes of *body* and the public methods of its classes."""
    for node in body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
        if "overload" in decorators:
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _public(node.body, f"{node.name}.")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    bare = [name for name, node in _public(_tree(path).body) if not ast.get_docstring(node)]
    assert not bare, f"{_name(path)}: {', '.join(bare)}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_file_is_read_and_written_with_its_encoding(path: Path) -> None:
    bare = []
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Call):
            continue
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        opens = isinstance(node.func, ast.Name) and node.func.id == "open"
        if method not in ("read_text", "write_text", "open") and not opens:
            continue
        receiver = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if receiver.endswith(("_zip", "archive")):
            continue  # a member of a zip file is bytes
        mode = [each.value for each in node.keywords if each.arg == "mode"]
        parts = [part for each in (*node.args, *mode) for part in ast.walk(each)]
        given = [each for each in parts if isinstance(each, ast.Constant)]
        binary = any(isinstance(each.value, str) and "b" in each.value for each in given)
        if not binary and not any(each.arg == "encoding" for each in node.keywords):
            bare.append(f"{_name(path)}:{node.lineno} {ast.unparse(node)}")
    assert not bare


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_named_for_what_it_is_about(path: Path) -> None:
    assert path.stem not in {
        "utils",
        "util",
        "helpers",
        "core",
        "manager",
        "base",
        "common",
        "misc",
    }
    assert str(path.relative_to(PACKAGE)).isascii()


def test_content_has_ascii_names() -> None:
    for kind in ("methods", "data", "templates", "examples", "tests"):
        for path in (PACKAGE.parent / kind).rglob("*"):
            assert path.name.isascii(), path


def test_no_import_brings_in_a_star() -> None:
    stars = [
        f"{_name(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert not stars
