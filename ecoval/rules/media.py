"""Environmental media by id and by the names that people use for them."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import InputError, nearest

MEDIA: dict[str, str] = {
    "surface-water": "地表水",
    "groundwater": "地下水",
    "marine": "海洋",
    "sediment": "沉积物",
    "air": "环境空气",
    "soil": "土壤",
    "farmland": "农田",
    "forest": "森林",
    "carbon": "林业碳汇",
    "grassland": "草地",
    "wetland": "湿地",
    "ecosystem": "生态系统",
    "wildlife": "陆生野生动物",
    "aquatic-life": "水生生物",
    "black-soil": "黑土、泥炭",
    "riverbed": "河床",
}

# A word that stands for several media, or for one by another name.
_CALLED: dict[str, tuple[str, ...]] = {
    "water": ("surface-water", "groundwater"),
    "水": ("surface-water", "groundwater"),
    "水体": ("surface-water", "groundwater"),
    "海水": ("marine",),
    "大气": ("air",),
    "空气": ("air",),
    "碳": ("carbon",),
    "碳汇": ("carbon",),
    "林木": ("forest",),
    "野生动物": ("wildlife", "aquatic-life"),
    "动物": ("wildlife", "aquatic-life"),
    "渔业": ("aquatic-life",),
    "水生野生动物": ("aquatic-life",),
}


def media_named(word: str, *, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the media that *word* names: an id, a title, or a word for several such as ``water``.

    *known* are ids beside those of this module.

    Raises
    ------
    InputError
        There is none of that name; the nearest are offered.
    """
    ids = {**MEDIA, **{id: id for id in known if id and id not in MEDIA}}
    if word in ids:
        return (word,)
    titled = tuple(id for id, title in ids.items() if title == word)
    if titled or word in _CALLED:
        return titled or _CALLED[word]
    names = [*ids, *ids.values(), *_CALLED]
    listed = "、".join(f"{id}（{title}）" for id, title in ids.items())
    raise InputError("没有这个环境介质", got=word, hint=nearest(word, names) or f"可用：{listed}。")


def one_medium(word: str) -> str:
    """Return the id of the one medium that *word* names, for a validator.

    Raises
    ------
    ValueError
        There is none of that name, or several.
    """
    try:
        found = media_named(word)
    except InputError as error:
        raise ValueError(f"{error.what}，所给为 {word}。{error.hint}") from None
    if len(found) > 1:
        listed = "、".join(f"{id}（{MEDIA[id]}）" for id in found)
        raise ValueError(f"“{word}”不止一种环境介质，须写明是 {listed} 中的哪一种")
    return found[0]
