"""Classes as documents write them: Ⅲ, III类, 地表水Ⅲ类, 二类功能区, “三有”."""

from __future__ import annotations

import re
import unicodedata

_MEDIA = ("地表水", "地下水", "环境空气", "海水")
_WORDS = "|".join(
    (
        *_MEDIA,
        "环境",
        "质量",
        "标准",
        "水域",
        "水体",
        "水质",
        "水功能",
        "功能",
        "空气",
        "大气",
        "区",
        "水",
    )
)
_NUMBERED = re.compile(
    rf"((?:{_WORDS})*)第?([IVX]{{1,4}}|[一二三四五六七八九1-9](?=类))类?((?:{_WORDS})*)"
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_NUMERALS = dict(zip("一二三四五六七八九", _ROMAN, strict=True)) | {
    str(place): roman for place, roman in enumerate(_ROMAN, start=1)
}
_LEVEL = re.compile(r"(I{1,3})级")
_QUOTES = str.maketrans("", "", "“”‘’\"'「」《》 \t\u3000")


def class_key(text: str, context: str = "") -> str:
    """Return what *text* is compared by: Ⅲ, III, Ⅲ类, 三类 and 地表水Ⅲ类 are one class.

    A medium named in *text* must be named in *context* (the column's title, the medium chosen
    before): 地下水Ⅲ类 is no class of surface water.

    >>> class_key("地表水Ⅲ类", "地表水"), class_key("三类水域"), class_key("地下水Ⅲ类", "地表水")
    ('III', 'III', '地下水III类')
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).upper()
    found = _NUMBERED.fullmatch(plain)
    if found is None:
        spoken = _LEVEL.sub(lambda level: "一二三"[len(level[1]) - 1] + "级", plain)
        return spoken.removesuffix("类")
    around = found[1] + found[3]
    if any(medium in around and medium not in context for medium in _MEDIA):
        return plain
    return _NUMERALS.get(found[2], found[2])
