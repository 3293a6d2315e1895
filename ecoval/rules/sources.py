"""Where each rule and each number comes from, and how much of it was read."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ..content import folder
from ..errors import ContentError, nearest
from ..reading import Model, read_model

Standing = Literal["verified", "secondary", "unverified"]

STANDINGS: dict[Standing, str] = {
    "verified": "已核对原文",
    "secondary": "据二手资料",
    "unverified": "待核实",
}


class Source(Model):
    """A law, a standard, a case or a paper that values and rules cite by its *id*."""

    id: str
    title: str
    number: str = ""
    issuer: str = ""
    issued: str = ""
    address: str = ""
    read: Literal["text", "excerpt", "second-hand", "memory"]
    note: str = ""

    @property
    def short(self) -> str:
        """The number where there is one, else the title."""
        return self.number or str(self)

    def __str__(self) -> str:
        title = f"《{self.title}》" if self.number or self.issuer else self.title
        return f"{title}（{self.number}）" if self.number else title


class _Sources(Model):
    source: tuple[Source, ...]


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Return every source of ``data/sources.toml`` by its id."""
    path = folder("data") / "sources.toml"
    listed = read_model(path, _Sources, fault=ContentError)
    known: dict[str, Source] = {}
    for entry in listed.source:
        if entry.id in known:
            raise ContentError(f"来源 {entry.id} 列了两次", where=str(path))
        known[entry.id] = entry
    return known


def source(id: str, *, where: str = "") -> Source:
    """Return the source *id*.

    Raises
    ------
    ContentError
        It is not in ``data/sources.toml``.
    """
    known = sources()
    if id not in known:
        raise ContentError(
            f"data/sources.toml 中没有来源 {id}", where=where, hint=nearest(id, known)
        )
    return known[id]
