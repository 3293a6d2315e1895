"""Places by GB/T 2260 code or by name, and the way up from a county to the nation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..content import folder, read_csv
from ..errors import InputError, nearest

NATION = "CN"
_NATION_NAMES = {"CN", "全国", "中国", "国家", "100000", "000000"}
# Levels that stand in the code but not in a name people use.
_UNSPOKEN = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
_TAILS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


@dataclass(frozen=True)
class Place:
    """A jurisdiction: its code, ``CN`` for the nation, and its name in full."""

    code: str
    name: str

    def __str__(self) -> str:
        return self.name if self.code == NATION else f"{self.name}（{self.code}）"

    @property
    def way_up(self) -> tuple[Place, ...]:
        """The place itself, then the city, the province and the nation above it."""
        if self.code == NATION:
            return (self,)
        codes = dict.fromkeys([self.code, self.code[:4] + "00", self.code[:2] + "0000"])
        return (*(_places()[code] for code in codes if code in _places()), _places()[NATION])


def place(text: str) -> Place:
    """Return the place that *text* names: ``"320600"``, ``"江苏省南通市"``, ``"南通市"``, ``"CN"``.

    Raises
    ------
    InputError
        No such place, or several of that name; the message lists them.
    """
    wanted = str(text).strip()
    if wanted in _NATION_NAMES:
        return _places()[NATION]
    if wanted.isdigit():
        if wanted in _places():
            return _places()[wanted]
        raise InputError(
            "没有这个行政区划代码",
            got=wanted,
            hint="请用 GB/T 2260 六位代码，如 320600；已撤销的代码请改用现行代码。",
        )
    found = _by_name().get(wanted.replace(" ", ""), ())
    if len(found) == 1:
        return _places()[found[0]]
    if found:
        listed = "、".join(str(_places()[code]) for code in found[:8])
        raise InputError("同名的行政区划不止一个", got=wanted, hint=f"请写全称或代码：{listed}。")
    raise InputError(
        "没有这个行政区划", got=wanted, hint=nearest(wanted, _by_name()) or "请写全称或六位代码。"
    )


def as_place(of: str | Place) -> Place:
    """Return *of* as a place."""
    return of if isinstance(of, Place) else place(of)


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    rows = _rows()
    known = {NATION: Place(NATION, "全国")}
    for code, own in rows.items():
        above = dict.fromkeys([code[:2] + "0000", code[:4] + "00", code])
        parts = [rows[step] for step in above if step in rows and rows[step] not in _UNSPOKEN]
        known[code] = Place(code, "".join(parts) or own)
    return known


@lru_cache(maxsize=1)
def _rows() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_csv(folder("data") / "jurisdictions.csv")}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[str, ...]]:
    """Return the codes for every way to write a name: in full, from the city on, by itself."""
    names: dict[str, dict[str, None]] = {}
    rows = _rows()
    for code, spoken in _places().items():
        if code == NATION or rows[code] in _UNSPOKEN:
            continue
        own = rows[code]
        city = rows.get(code[:4] + "00", "")
        ways = {spoken.name, own}
        if city not in _UNSPOKEN:
            ways.add(spoken.name.removeprefix(rows[code[:2] + "0000"]) or own)
            ways.add(rows[code[:2] + "0000"] + own)
        ways.update(_short(way) for way in (own,) if code.endswith("00"))
        for way in ways:
            names.setdefault(way, {})[code] = None
    return {name: tuple(codes) for name, codes in names.items()}


def _short(name: str) -> str:
    for tail in _TAILS:
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            return name.removesuffix(tail)
    return name
