"""Every method there is: those of the modules beside this one, and those a notebook defines."""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from ..content import folder
from ..errors import ContentError, InputError, nearest

if TYPE_CHECKING:
    from .definition import Method

_known: dict[str, Method] = {}


def register(made: Method) -> None:
    """Make *made* known by its id; defining it again (a cell run twice) replaces it.

    Raises
    ------
    ContentError
        ecoval has a method of that id, which a notebook's must not stand in for.
    """
    other = _known.get(made.id)
    if other is not None and _is_ours(other.__module__) and other.__module__ != made.__module__:
        raise ContentError(
            f"方法 {made.id} 已在 {other.__module__} 中定义",
            where=made.__module__,
            hint="请换一个编号。",
        )
    _known[made.id] = made


def reserve(module: str) -> None:
    """Import ecoval's own methods before one of another *module* can take an id of theirs."""
    if not _is_ours(module):
        _import_all()


def _is_ours(module: str) -> bool:
    return module.startswith("ecoval.")


def methods() -> MappingProxyType[str, Method]:
    """Return every method by its id."""
    _import_all()
    return MappingProxyType(dict(sorted(_known.items())))


def method(id: str) -> Method:
    """Return the method *id*.

    Raises
    ------
    InputError
        There is none; the nearest are offered.
    """
    if id not in _known:
        _import_modules()
    if id not in _known:
        hint = nearest(id, _known) or f"可用：{'、'.join(sorted(_known))}。"
        raise InputError(f"没有方法 {id}", hint=hint)
    return _known[id]


def families() -> dict[str, ModuleType]:
    """Return the modules that hold methods, by name: ``water``, ``interim``."""
    _import_all()
    names = {made.__module__ for made in _known.values()}
    modules = {
        name.rpartition(".")[2]: import_module(name) for name in names if name.startswith("ecoval.")
    }
    return dict(sorted(modules.items()))


def _import_modules() -> None:
    """Import every module of this package, so that a new one needs no entry anywhere.

    A module that is being imported may ask for a method of another, and gets here again: what it
    has yet to define is not missing.
    """
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        import_module(f"{package}.{module.name}")


@lru_cache(maxsize=1)
def _import_all() -> None:
    """Import every module, and make sure that each card has its function."""
    _import_modules()
    carded = {path.stem for path in folder("methods").glob("*.toml")}
    bare = carded - set(_known)
    if bare:
        raise ContentError(f"卡片没有函数：{'、'.join(sorted(bare))}", where=str(folder("methods")))
