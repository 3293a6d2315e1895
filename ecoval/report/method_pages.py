"""A page for each method, and their index, in Markdown that GitHub renders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import OutputError, reason
from ..rules.heads import HEADS
from ..rules.media import MEDIA
from ..rules.sources import STANDINGS
from ..valuation import Method
from ..valuation import methods as every
from ..valuation.description import DROPS, describe, standings_said
from ..valuation.showing import KINDS

INDEX = "README.md"
_MADE = "由方法卡片、公式与验证案例生成，不手工修改：`ecoval methods --pages docs/methods`。"


def write_pages(directory: Path) -> tuple[Path, ...]:
    """Write the page of every method of ecoval's own and their index into *directory*.

    Pages of methods that are no more are removed; other files are left alone.

    Raises
    ------
    OutputError
        The directory or a page cannot be written.
    """
    pages = method_pages()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path in directory.glob("*.md"):
            if path.name not in pages and _MADE in path.read_text(encoding="utf-8"):
                path.unlink()
        for name, text in pages.items():
            (directory / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"写不出说明页：{reason(error)}", where=str(directory)) from None
    return tuple(directory / name for name in pages)


def method_pages() -> dict[str, str]:
    """Return the text of every page by its file name, the index among them."""
    ours = [made for made in every().values() if made.__module__.startswith("ecoval.")]
    facts = [describe(made) for made in ours]
    return {INDEX: index_page(facts)} | {f"{each['id']}.md": page(each) for each in facts}


def page_of(method: Method) -> str:
    """Return the page of one *method*, a notebook's too."""
    return page(describe(method))


def page(facts: dict[str, Any]) -> str:
    """Return the page for what `describe` knows of a method."""
    parts = [f"# {facts['title']}", f"{facts['title_en']} · `{facts['id']}`", facts["summary"]]
    equations = r" \\ ".join(equation["latex"] for equation in facts["formula"])
    parts.append(f"```math\n\\begin{{gathered}}{equations}\\end{{gathered}}\n```")
    parts.append(_bullets(_header(facts)))
    parts += ["## 输入", _terms(facts)]
    parts += _tables(facts)
    parts += _parameters(facts)
    parts += _conditions(facts)
    parts += _overlaps(facts)
    if facts["note"]:
        parts += ["## 说明", facts["note"]]
    parts += _golden(facts["golden"])
    parts += ["## Excel", f"```text\n{facts['excel']}\n```", f"---\n\n[全部方法]({INDEX})　{_MADE}"]
    return "\n\n".join(part for part in parts if part) + "\n"


def _header(facts: dict[str, Any]) -> list[str]:
    standard = facts["standard"]
    lines = [
        f"依据：{standard['title']}{standard['clause']}（公式{STANDINGS[facts['standing']]}）",
        f"用于：{facts['serves']}",
    ]
    if facts["medium"]:
        lines.append(f"介质：{facts['medium_title']}（`{facts['medium']}`）")
    if facts["since"] or facts["until"]:
        lines.append(f"时效：{facts['since'] or '…'} 至 {facts['until'] or '今'}")
    if facts["jurisdiction"] != "CN":
        lines.append(f"地域：{facts['place']}")
    if facts["replaced_by"]:
        lines.append(f"后续版本：{_link(facts['replaced_by'])}")
    lines.append(f'Python：`{facts["call"]}(…, on="日期", jurisdiction="地点")`')
    lines.append(f"命令行：`ecoval value {facts['id']} 名称=值… --on 日期 --in 地点`")
    return lines


def _terms(facts: dict[str, Any]) -> str:
    rows = []
    for term in (*facts["terms"], *facts["settings"]):
        bounds = term["bounds"]
        if term["range"]:
            bounds += f"；{term['range']}，{STANDINGS[term['range_standing']]}"
        origin = "；".join(part for part in (term["origin"], term["asks"], term["note"]) if part)
        if term["reads"]:
            origin += f"；单位亦可写作 {'、'.join(term['reads'])}"
        name = f"`{term['name']}`" + ("（逐项）" if term["lines"] else "")
        rows.append((term["symbol"], name, term["title"], term["unit"], bounds, origin))
    for choice in facts["choices"]:
        rows.append(("", f"`{choice['name']}`", choice["title"], "文字", "", choice["selects"]))
    if facts["lines"]:
        held = facts["lines"]
        listed = "每项一个表，可写 name、voucher、note、open、price_base"
        rows.append(("", f"`{held['name']}`", f"{held['title']}的列表", "列表", "", listed))
    for step in facts["steps"]:
        rows.append((step["symbol"], "", step["title"], step["unit"], "", "中间结果"))
    result = facts["result"]
    rows.append((result["symbol"], "", result["title"], result["unit"], "", "结果"))
    return _table(("符号", "名称", "含义", "单位", "取值", "来源"), rows)


def _tables(facts: dict[str, Any]) -> list[str]:
    if not facts["tables"]:
        return []
    rows = []
    for held in facts["tables"]:
        classes = "<br>".join(
            f"{each['title']}：{'、'.join(each['values'])}" for each in held["classes"].values()
        )
        read_by = "<br>".join(part for part in (classes, held["band"]) if part)
        sources = "<br>".join(held["sources"])
        standing = standings_said(held["standings"])
        rows.append((f"`{held['id']}`<br>{held['name']}", read_by, sources, standing, held["note"]))
    return ["## 用表", _table(("表", "按什么查", "来源", "可信度", "说明"), rows)]


def _parameters(facts: dict[str, Any]) -> list[str]:
    if not facts["parameters"]:
        return []
    rows = [
        (
            f"`{held['name']}`<br>{held['title']}",
            f"{value['value']} {held['unit']}".strip(),
            f"{value['jurisdiction']}，{value['span']}",
            f"{value['source']} {value['clause']}",
            STANDINGS[value["standing"]],
        )
        for held in facts["parameters"]
        for value in held["values"]
    ]
    return ["## 规则参数", _table(("参数", "值", "何地何时", "来源", "可信度"), rows)]


def _conditions(facts: dict[str, Any]) -> list[str]:
    if not facts["conditions"]:
        return []
    rows = [
        (
            KINDS[each["kind"]],
            each["text"],
            f"`{each['id']}`",
            f"{each['source']} {each['clause']}",
            STANDINGS[each["standing"]],
        )
        for each in facts["conditions"]
    ]
    return ["## 适用条件", _table(("", "条件", "案件文件中的名称", "来源", "可信度"), rows)]


def _overlaps(facts: dict[str, Any]) -> list[str]:
    if not facts["overlaps"]:
        return []
    rows = [
        (
            each["with"],
            each["why"],
            DROPS[each["drop"]],
            f"{each['source']} {each['clause']}".strip(),
            STANDINGS[each["standing"]] if each["standing"] else "",
        )
        for each in facts["overlaps"]
    ]
    return ["## 重复计算", _table(("与", "原因", "处理", "来源", "可信度"), rows)]


def _golden(cases: list[dict[str, Any]]) -> list[str]:
    published = [
        (
            case["name"],
            case["expect"],
            case["on"],
            case["origin"],
            case.get("standing", ""),
            "相符" if case.get("reconciles", True) else f"不能复算：{case['why']}",
        )
        for case in cases
        if case.get("expect")
    ]
    refused = [
        (
            case["name"],
            f"{case['raises']}：{case['match']}" if case.get("match") else case["raises"],
        )
        for case in cases
        if case.get("raises")
    ]
    parts = []
    if published:
        titles = ("案例", "公布的数值", "日期", "出处", "所见与推算", "复算")
        parts += ["## 验证案例", _table(titles, published)]
    if refused:
        parts += ["## 应予拒绝的输入", _table(("输入", "错误（正则）"), refused)]
    return parts


def index_page(listed: list[dict[str, Any]]) -> str:
    """Return the index of the methods *listed*: by family, by head and by medium."""
    parts = ["# 方法", f"共 {len(listed)} 个方法。{_MADE}"]
    standings = ((said, [each for each in listed if each["standing"] == standing])
                 for standing, said in STANDINGS.items())  # fmt: skip
    parts.append("公式的可信度：" + "，".join(f"{said} {len(of)}" for said, of in standings) + "。")
    parts.append("## 按模块")
    for family in dict.fromkeys(sorted(each["family"] for each in listed)):
        parts.append(f"### `ev.{family}`")
        rows = [_index_row(each) for each in listed if each["family"] == family]
        parts.append(_table(("方法", "名称", "标准", "时效", "公式", "可信度"), rows))
    parts.append("## 按赔偿科目")
    for head, title in HEADS.items():
        of_head = [each for each in listed if head in each["heads"]]
        if of_head:
            parts += [f"### {title}（`{head}`）", _bullets(_named(of_head))]
    parts.append("## 按环境介质")
    media = dict.fromkeys([*MEDIA, *(each["medium"] for each in listed)])
    for medium in media:
        of_medium = [each for each in listed if each["medium"] == medium]
        if of_medium:
            title = f"{MEDIA.get(medium, medium)}（`{medium}`）" if medium else "不限介质"
            parts += [f"### {title}", _bullets(_named(of_medium))]
    return "\n\n".join(parts) + "\n"


def _index_row(facts: dict[str, Any]) -> tuple[str, ...]:
    span = f"{facts['since'] or '…'} 至 {facts['until'] or '今'}"
    formula = "；".join(equation["text"] for equation in facts["formula"])
    standard = f"{facts['standard']['title']}{facts['standard']['clause']}"
    return (
        _link(facts["id"]),
        facts["title"],
        standard,
        span if facts["since"] or facts["until"] else "",
        formula,
        STANDINGS[facts["standing"]],
    )


def _named(listed: Iterable[dict[str, Any]]) -> list[str]:
    return [f"{_link(each['id'])}　{each['title']}" for each in listed]


def _link(id: str) -> str:
    return f"[{id}]({id}.md)"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = [_cell(title) for title in titles]
    lines = [_row(head), _row(["---"] * len(head))]
    lines += [_row(_cell(cell) for cell in row) for row in rows]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return *text* so that it stays in its cell and nothing in it is taken for markup."""
    whole = " ".join(text.split("\n")).replace("<", "&lt;").replace("&lt;br>", "<br>")
    for sign in ("|", "*", "_", "$"):
        whole = whole.replace(sign, f"\\{sign}") if "`" not in whole else whole.replace("|", "\\|")
    return whole
