"""Measured values of one group: with their unit, their points, and those below detection."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError, UnitError
from ..numerals import plain
from ..units import factor, measure, same_kind, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NonDetects = Literal["half", "limit", "zero", "excluded"]

NON_DETECTS: dict[NonDetects, str] = {
    "half": "未检出值按检出限的一半计",
    "limit": "未检出值按检出限计",
    "zero": "未检出值按零计",
    "excluded": "未检出值不计入",
}

_BELOW = re.compile(r"<\s*(.+)")
# A Chinese laboratory writes a value below detection as the limit and an L: 0.025L.
_LIMIT_L = re.compile(r"(\d+(?:\.\d+)?)\s*L")
_WORDS = {"未检出", "nd", "n.d.", "n.d", "<dl", "<mdl", "<lod"}


@dataclass(frozen=True)
class Reading:
    """One measurement in the unit of its sample.

    *value* of one that was not detected is the detection limit.
    """

    value: float
    detected: bool
    point: str

    @property
    def text(self) -> str:
        """The value as it is printed: ``<0.05`` below detection."""
        return plain(self.value) if self.detected else f"<{plain(self.value)}"


@dataclass(frozen=True)
class Sample:
    """The measurements of one group, in one unit."""

    title: str
    unit: str
    readings: tuple[Reading, ...]

    @classmethod
    def of(
        cls,
        values: Sequence[Any],
        *,
        title: str,
        unit: str,
        detection_limit: Any = None,
        points: Sequence[str] = (),
    ) -> Sample:
        """Return *values* as a sample in *unit*.

        A value is a number, or a text: ``0.12``, ``0.12 mg/L``, and below detection ``<0.05``,
        ``0.05L`` or 未检出. *detection_limit* is one for all, or a list with one for each.

        Raises
        ------
        InputError
            There are no values; one is missing, negative, not finite or not a number; one is below
            the detection limit but not marked; 未检出 has no limit. The point is named.
        UnitError
            A value is in a unit of another kind.
        """
        if isinstance(values, (str, Mapping)) or not hasattr(values, "__len__"):
            raise InputError("样品值应为列表", where=title, got=repr(values))
        if not len(values):
            raise InputError("没有样品", where=title, hint="至少要有一个测定值。")
        if len(points) not in (0, len(values)):
            raise InputError(
                f"点位 {len(points)} 个，样品值 {len(values)} 个，个数不一致", where=title
            )
        listed = isinstance(detection_limit, Sequence) and not isinstance(detection_limit, str)
        limits = list(detection_limit) if listed else [detection_limit] * len(values)
        if len(limits) != len(values):
            raise InputError(
                f"检出限 {len(limits)} 个，样品值 {len(values)} 个，个数不一致", where=title
            )
        named = points or [f"{place}号" for place in range(1, len(values) + 1)]
        return cls(
            title,
            unit,
            tuple(
                reading(value, unit, limit=limit, point=str(point), where=f"{title} {point}")
                for value, limit, point in zip(values, limits, named, strict=True)
            ),
        )

    def __len__(self) -> int:
        return len(self.readings)

    @property
    def below(self) -> int:
        """How many values were not detected."""
        return sum(not reading.detected for reading in self.readings)

    @property
    def share_below(self) -> float:
        """The share of values that were not detected."""
        return self.below / len(self)

    def counted(self, treatment: NonDetects | None = None) -> str:
        """Return how many there are, how many were not detected and how they are taken, as printed."""
        if not self.below:
            return f"{len(self)} 个样品（均检出）"
        share = plain(round(self.share_below * 100, 1))
        taken = f"，{NON_DETECTS[treatment]}" if treatment else ""
        return f"{len(self)} 个样品（未检出 {self.below} 个，占 {share}%{taken}）"

    def taken(self, treatment: NonDetects | None) -> NDArray[np.float64]:
        """Return the values with those below detection taken as *treatment* says.

        Raises
        ------
        InputError
            Some were not detected and no treatment is named, or all were not detected.
        """
        import numpy as np

        if not self.below:
            return np.array([each.value for each in self.readings])
        if treatment is None:
            listed = "、".join(f"{name}（{text}）" for name, text in NON_DETECTS.items())
            raise InputError(
                f"{self.title}有 {self.below} 个未检出值，须指明如何取值（non_detects）",
                where="non_detects",
                hint=f"可用：{listed}。",
            )
        if treatment not in NON_DETECTS:
            raise InputError(
                "没有这种取值方式",
                where="non_detects",
                got=treatment,
                hint=f"可用：{'、'.join(NON_DETECTS)}。",
            )
        if self.below == len(self):
            raise InputError(
                f"{self.title}的 {len(self)} 个样品全部未检出，不能计算统计量",
                where=self.title,
                hint="请以检出限更低的方法复测；或由专家说明理由，"
                "以检出限为限值另行给定基线（standard 或 study）。",
            )
        scale = {"half": 0.5, "limit": 1.0, "zero": 0.0, "excluded": 0.0}[treatment]
        kept = [each for each in self.readings if each.detected or treatment != "excluded"]
        return np.array([each.value * (1.0 if each.detected else scale) for each in kept])

    @property
    def overlapping(self) -> bool:
        """Whether some detected value lies below the limit of one that was not detected."""
        limits = [each.value for each in self.readings if not each.detected]
        return any(each.detected and each.value < max(limits, default=0) for each in self.readings)

    def as_dict(self) -> dict[str, Any]:
        """Return the sample as it stands in JSON."""
        return {
            "title": self.title,
            "unit": self.unit,
            "readings": [
                {"point": each.point, "value": each.value, "detected": each.detected}
                for each in self.readings
            ],
        }


def reading(value: Any, to: str, *, limit: Any = None, point: str = "", where: str = "") -> Reading:
    """Return *value* as a reading in the unit *to*; *limit* is its detection limit, if it has one.

    Raises
    ------
    InputError
        As `Sample.of` says.
    UnitError
        The value or the limit is in a unit of another kind.
    """
    threshold = None if limit is None or limit == "" else _number(limit, to, f"{where}检出限")
    if threshold is not None and threshold <= 0:
        raise InputError("检出限应大于零", where=where, got=limit)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise InputError(
            "缺少测定值", where=where, hint="未检出请写 <检出限，如 <0.05；没有测则删去该行。"
        )
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        below = _BELOW.fullmatch(text)
        lettered = _LIMIT_L.fullmatch(text)
        if lettered and same_kind(unit(to), unit("L")):
            raise InputError(
                "分不清是升还是未检出", where=where, got=value, hint="未检出请写 <值。"
            )
        if text.lower() in _WORDS:
            if threshold is None:
                raise InputError(
                    "未检出而没有检出限", where=where, got=value, hint="请给检出限，或写 <0.05。"
                )
            return Reading(threshold, False, point)
        if below or lettered:
            number = _number((below or lettered)[1], to, where)  # type: ignore[index]
            if number <= 0:
                raise InputError("检出限应大于零", where=where, got=value)
            return Reading(number, False, point)
    number = _number(value, to, where)
    if number < 0:
        raise InputError("测定值不能为负", where=where, got=value)
    if threshold is not None and number < threshold:
        raise InputError(
            f"测定值低于检出限 {plain(threshold)}",
            where=where,
            got=value,
            hint="未检出请写 <检出限。",
        )
    return Reading(number, True, point)


def _number(value: Any, to: str, where: str) -> float:
    number, of = measure(value, where=where)
    target = unit(to)
    bare = of == unit("") and not (isinstance(value, str) and value.strip().endswith(("%", "‰")))
    if bare or of == target:
        return number
    if not same_kind(of, target):
        raise UnitError(f"单位须为 {to or '无量纲'}", where=where, got=value)
    return float(plain(number * factor(of, target)))
