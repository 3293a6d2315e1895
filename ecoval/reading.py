"""Read a TOML file into a checked model; what is wrong is said in Chinese, with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from .content import parse_toml, read_text
from .errors import EcovalError, InputError, nearest

Location = Sequence[int | str]

_WORDS = {
    "missing": "缺少必填项",
    "extra_forbidden": "未知的键",
    "string_type": "应为文字（加引号）",
    "string_too_short": "不能为空",
    "date_type": "应为日期，如 2024-06-01",
    "date_parsing": "应为日期，如 2024-06-01",
    "date_from_datetime_parsing": "应为日期，如 2024-06-01",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "float_type": "应为数",
    "float_parsing": "应为数",
    "finite_number": "应为有限的数",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为表",
    "model_type": "应为表",
    "model_attributes_type": "应为表",
    "too_short": "条目太少",
    "greater_than": "数太小",
    "greater_than_equal": "数太小",
}


class Model(BaseModel):
    """What stands in a file: no unknown keys, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=BaseModel)


def read_model(path: Path, model: type[M], *, fault: type[EcovalError] = InputError) -> M:
    """Return the TOML file *path* as a *model*.

    Raises
    ------
    fault
        A key is unknown, missing or of the wrong kind: each with its line, and with the key that
        was probably meant. Broken TOML is a ContentError that names line and column.
    """
    text = read_text(path)
    return check(parse_toml(text, where=str(path)), model, where=str(path), text=text, fault=fault)


def check(
    data: Mapping[str, Any],
    model: type[M],
    *,
    where: str,
    text: str = "",
    fault: type[EcovalError] = InputError,
) -> M:
    """Return *data* as a *model*; *text* is the TOML it came from, for the lines."""
    _check_texts(data, where, fault)
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        raise fault(
            "\n".join(_say(detail, model, where, text) for detail in error.errors())
        ) from None


def _check_texts(data: Any, where: str, fault: type[EcovalError]) -> None:
    """Refuse half characters, which JSON can hold and no document can."""
    if isinstance(data, str) and any("\ud800" <= letter <= "\udfff" for letter in data):
        raise fault("文字中有残缺的字符（单个代理码）", where=where, got=ascii(data))
    if isinstance(data, Mapping):
        for key, value in data.items():
            _check_texts(value, f"{where} {key}", fault)
    elif isinstance(data, list):
        for place, value in enumerate(data, start=1):
            _check_texts(value, f"{where} 第 {place} 项", fault)


def line_of(text: str, location: Location) -> int | None:
    """Return the line of TOML *text* where *location* (keys and list places) stands.

    Where the last keys are not there (a missing key, say), it is the line of what holds them.
    """
    if not text:
        return None
    lines = _lines(text)
    for length in range(len(location), 0, -1):
        found = lines.get(tuple(location[:length]))
        if found is not None:
            return found
    return None


def named(location: Location) -> str:
    """Return *location* as a person reads it: ``item[2].inputs.hazard``, counted from one."""
    written = ""
    for part in location:
        written += f"[{part + 1}]" if isinstance(part, int) else ("." if written else "") + part
    return written


def _say(detail: Any, model: type[BaseModel], where: str, text: str) -> str:
    kind, location = detail["type"], _real(detail["loc"])
    line = line_of(text, location)
    place = f"{where} 第 {line} 行" if line else where
    words, got, hint = _WORDS.get(kind), "", ""
    if kind == "literal_error":
        words = f"只能取 {detail['ctx']['expected'].replace(' or ', '、').replace(', ', '、')}"
    elif kind == "value_error":
        words = str(detail["ctx"]["error"])
    elif words is None:
        words = f"不合要求（{detail['msg']}）"
    if kind == "extra_forbidden":
        known = _keys_at(model, location[:-1])
        hint = nearest(str(location[-1]), known) or (f"可写：{'、'.join(known)}。" if known else "")
    elif kind not in ("missing", "value_error"):
        got = f"，所给为 {detail['input']!r}"
    said = f"{place}：{named(location)} {words}{got}".rstrip("。")
    return f"{said}{'' if said.endswith('？') else '。'}{hint}"


def _real(location: Location) -> Location:
    """Drop what pydantic adds to a location to name a branch or a function."""
    return [part for part in location if isinstance(part, int) or not part.startswith("function-")]


def _keys_at(model: Any, location: Location) -> list[str]:
    """Return the keys that the model at *location* knows."""
    at = model
    for part in location:
        at = _member(at, part)
    at = _plain(at)
    if isinstance(at, type) and issubclass(at, BaseModel):
        return [field.alias or name for name, field in at.model_fields.items()]
    return []


def _member(of: Any, part: int | str) -> Any:
    of = _plain(of)
    if isinstance(of, type) and issubclass(of, RootModel):
        of = _plain(of.model_fields["root"].annotation)
    if isinstance(of, type) and issubclass(of, BaseModel):
        for name, field in of.model_fields.items():
            if part in (name, field.alias):
                return field.annotation
        return None
    arguments = get_args(of)
    return arguments[-1 if get_origin(of) is dict else 0] if arguments else None


def _plain(annotation: Any) -> Any:
    """Return the model inside ``Model | None`` and ``Annotated[Model, …]``."""
    while get_origin(annotation) in (Union, UnionType, Annotated):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _lines(text: str) -> dict[tuple[int | str, ...], int]:
    """Return the first line of every table, list entry and key of TOML *text*."""
    # Imported here: only a faulty file needs it.
    import tree_sitter
    import tree_sitter_toml

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    lines: dict[tuple[int | str, ...], int] = {}
    counts: dict[tuple[int | str, ...], int] = {}

    def keys(of: tree_sitter.Node) -> tuple[str, ...]:
        if of.type == "dotted_key":
            return tuple(key for child in of.named_children for key in keys(child))
        return ((of.text or b"").decode("utf-8").strip("\"'"),)

    def note(path: tuple[int | str, ...], of: tree_sitter.Node) -> None:
        lines.setdefault(path, of.start_point[0] + 1)

    def pairs(of: tree_sitter.Node, path: tuple[int | str, ...]) -> None:
        for child in of.named_children:
            if child.type == "pair":
                key, value = child.named_children[0], child.named_children[-1]
                inside = path + keys(key)
                note(inside, child)
                values(value, inside)

    def values(of: tree_sitter.Node, path: tuple[int | str, ...]) -> None:
        if of.type == "inline_table":
            pairs(of, path)
        elif of.type == "array":
            entries = [child for child in of.named_children if child.type != "comment"]
            for place, entry in enumerate(entries):
                note((*path, place), entry)
                values(entry, (*path, place))

    def resolved(header: tuple[str, ...]) -> tuple[int | str, ...]:
        path: tuple[int | str, ...] = ()
        for key in header:
            path = (*path, key)
            if path in counts:
                path = (*path, counts[path] - 1)
        return path

    root = parser.parse(text.encode("utf-8")).root_node
    pairs(root, ())
    for table in root.named_children:
        if table.type == "table":
            path = resolved(keys(table.named_children[0]))
            for length in range(1, len(path)):
                note(path[:length], table)
        elif table.type == "table_array_element":
            header = keys(table.named_children[0])
            path = (*resolved(header[:-1]), header[-1])
            for length in range(1, len(path) + 1):
                note(path[:length], table)
            counts[path] = counts.get(path, 0) + 1
            path = (*path, counts[path] - 1)
        else:
            continue
        note(path, table)
        pairs(table, path)
    return lines
