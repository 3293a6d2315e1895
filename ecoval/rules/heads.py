"""The heads of compensation of Civil Code 1235, and what people call them."""

from __future__ import annotations

from typing import Literal

from ..errors import InputError, nearest

Head = Literal["clearance", "prevention", "restoration", "interim", "permanent", "investigation"]

HEADS: dict[Head, str] = {
    "clearance": "清除污染费用",
    "prevention": "防止损害发生和扩大的合理费用",
    "restoration": "生态环境修复费用",
    "interim": "期间服务功能丧失的损失",
    "permanent": "生态环境功能永久性损害的损失",
    "investigation": "调查、鉴定评估等费用",
}


# What people call the heads, beside their ids and their titles in the law.
_HEADS_CALLED: dict[str, Head] = {
    "清除": "clearance",
    "污染清除": "clearance",
    "应急处置": "prevention",
    "预防": "prevention",
    "修复": "restoration",
    "修复费用": "restoration",
    "期间损失": "interim",
    "期间损害": "interim",
    "服务功能损失": "interim",
    "永久损失": "permanent",
    "永久性损害": "permanent",
    "鉴定评估": "investigation",
    "鉴定评估费": "investigation",
    "调查": "investigation",
}


def heads_named(word: str) -> tuple[Head, ...]:
    """Return the heads of compensation that *word* names: an id, a title, or a common name.

    Raises
    ------
    InputError
        There is none of that name; the nearest are offered.
    """
    for head, title in HEADS.items():
        if word in (head, title):
            return (head,)
    if word in _HEADS_CALLED:
        return (_HEADS_CALLED[word],)
    known = [*HEADS, *HEADS.values(), *_HEADS_CALLED]
    listed = "、".join(f"{head}（{title}）" for head, title in HEADS.items())
    raise InputError("没有这个赔偿科目", got=word, hint=nearest(word, known) or f"可用：{listed}。")
