"""The conventions of texts and tools by name, from ``data/conventions.toml``; and what a case asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ..content import folder
from ..errors import ContentError, EcovalError, InputError, Spot, nearest
from ..reading import Model, read_model
from ..rules.sources import Standing, source
from ..units import factor, measure, unit
from .conventions import (
    DISCOUNTS,
    LEVELS,
    Conventions,
    DiscountAt,
    DiscountForm,
    LevelAt,
    Past,
)


class Profile(Model):
    """The conventions of a text or a tool, and how far it was read.

    ``source`` is an id of ``data/sources.toml``, where the text has one there.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    level_at: LevelAt
    discount_at: DiscountAt
    discount_form: DiscountForm = "compound"
    past: Past = "compound"
    source: str = ""
    clause: str = ""
    standing: Standing
    note: str = ""

    @property
    def conventions(self) -> Conventions:
        """Its options."""
        return Conventions(self.level_at, self.discount_at, self.discount_form, self.past)

    @property
    def said(self) -> str:
        """Title, clause and how far it was read, as printed."""
        title = f"{self.title} {self.clause}".strip()
        return f"{title}（{self.note}）" if self.note else title


class _File(Model):
    profile: tuple[Profile, ...]


def read_profiles(path: Path) -> dict[str, Profile]:
    """Return the profiles of the TOML file *path* by id.

    Raises
    ------
    ContentError
        Two have one id, a source is unknown, options do not go together, or one that was not
        verified does not say in its note how far it was read.
    """
    known: dict[str, Profile] = {}
    for profile in read_model(path, _File, fault=ContentError).profile:
        where = f"{path} {profile.id}"
        if profile.id in known:
            raise ContentError("口径列了两次", where=where)
        if profile.standing != "verified" and not profile.note:
            raise ContentError("未核对原文的口径，须以 note 说明所据", where=where)
        if profile.source:
            source(profile.source, where=where)
        try:
            _ = profile.conventions
        except EcovalError as error:
            raise ContentError(str(error), where=where) from None
        known[profile.id] = profile
    return known


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profile]:
    """Return the profiles of ``data/conventions.toml`` by id."""
    return read_profiles(folder("data") / "conventions.toml")


def read_conventions(
    given: object, *, where: str | Spot = ""
) -> tuple[Conventions, Profile | None]:
    """Return the conventions that *given* describes, and the profile they are of.

    *given* is a profile's name, `Conventions`, or a table of options, which may name a ``profile``
    and change some of it.

    Raises
    ------
    InputError
        There is no such profile or option, or one that must be said is missing.
    """
    if isinstance(given, Conventions):
        return given, None
    if isinstance(given, str):
        given = {"profile": given}
    if not isinstance(given, Mapping):
        raise InputError("口径应为名称或表", where=where, got=repr(given))
    options = dict(given)
    profile: Profile | None = None
    if "profile" in options:
        name = options.pop("profile")
        if not isinstance(name, str) or name not in profiles():
            hint = nearest(str(name), profiles()) or f"可用：{'、'.join(profiles())}。"
            raise InputError("没有这个口径名称", where=where, got=name, hint=hint)
        profile = profiles()[name]
    known = [field.name for field in fields(Conventions)]
    for name in options:
        if name not in known:
            raise InputError(
                f"未知的键 {name}", where=where, hint=nearest(name, ["profile", *known])
            )
    if "base_date" in options:
        options["base_date"] = _as_date(options["base_date"], where)
    for name in ("schedule", "factors"):
        if name in options:
            options[name] = _pairs(options[name], name, where)
    try:
        if profile is not None:
            return replace(profile.conventions, **options), profile
        choices: dict[str, dict[Any, str]] = {"level_at": LEVELS, "discount_at": DISCOUNTS}
        for name, known_ones in choices.items():
            if name not in options:
                hint = "；".join(f"{key} {title}" for key, title in known_ones.items())
                raise InputError("口径须说明", where=name, hint=f"可取：{hint}。")
        return Conventions(**options), None
    except InputError as error:
        raise error.at(where) from None


def _pairs(given: object, name: str, where: str | Spot) -> tuple[tuple[Any, ...], ...]:
    """Return a table by year, written as a list of pairs; a step without end leaves its year out."""
    rows = list(given.items()) if isinstance(given, Mapping) else given
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InputError("应为 [年, 值] 的列表", where=f"{where} {name}", got=repr(given))
    pairs = []
    for place, row in enumerate(rows, start=1):
        at = Spot(
            f"{where} {name} 第 {place} 行",
            (*(where.path if isinstance(where, Spot) else ()), name, place - 1),
        )
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) not in (1, 2):
            raise InputError("应为 [年, 值]", where=at, got=repr(row))
        open_ended = len(row) == 1 or (name == "schedule" and row[0] is None)
        year = None if open_ended else _number(row[0], at, "年")
        if year is not None and year != int(year):
            raise InputError("年份应为整数", where=at, got=row[0])
        pairs.append((None if year is None else int(year), _number(row[-1], at, "")))
    return tuple(pairs)


def _number(given: object, where: Spot, also: str) -> float:
    """Return a number without a unit, a percentage as a share, or one in the unit *also*."""
    try:
        number, of = measure(given, where=where)
        return number if also and of == unit(also) else number * factor(of, unit(""))
    except InputError:
        hint = "例如 [10, 0.03]。"
        raise InputError("应为没有单位的数", where=where, got=repr(given), hint=hint) from None


def _as_date(given: object, where: str | Spot) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise InputError("应为日期", where=f"{where} base_date", got=given) from None
