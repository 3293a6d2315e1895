"""Cards: what is shipped is whole and sourced; every way to spoil one is refused where it stands."""

import re

import pytest
from pydantic import ValidationError

from ecoval.content import folder
from ecoval.errors import ContentError
from ecoval.rules.cards import HEADS, bound_unit, card, read_card
from ecoval.rules.parameters import parameter
from ecoval.rules.sources import STANDINGS, source
from ecoval.rules.tables import table
from ecoval.units import unit

SHIPPED = sorted(path.stem for path in folder("methods").glob("*.toml"))

CARD = """\
id = "made"
title = "方法"
title_en = "Method"
heads = ["clearance"]
standard = "civil-code"
clause = "第一条"
since = 2021-01-01
standing = "verified"

[[term]]
name = "quantity"
symbol = "Q"
title = "数量"
unit = "t"

[[term]]
name = "price"
symbol = "P"
title = "单价"
unit = "元/t"

[term.range]
low = 1
high = 2
source = "civil-code"
clause = "第一条"
standing = "verified"

[result]
symbol = "F"
title = "费用"

[[condition]]
id = "clear"
text = "事实清楚"
kind = "requires"
clause = "第一条"
source = "civil-code"
standing = "verified"
"""


@pytest.fixture
def read(tmp_path):
    """Read a card from its text."""

    def write(text, name="made.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_card(path)

    return write


@pytest.fixture
def spoiled(read):
    """Return the error that reading a spoiled card raises."""

    def write(old, new):
        assert old in CARD
        with pytest.raises(ContentError) as caught:
            read(CARD.replace(old, new))
        return str(caught.value)

    return write


def test_the_unspoiled_card_is_read(read):
    whole = read(CARD)
    assert whole.cited() == "《中华人民共和国民法典》第一条"
    assert whole.is_money
    assert whole.alternatives == 1
    assert whole.term("price").range.cited.endswith("第一条")


def test_a_card_is_frozen(read):
    with pytest.raises(ValidationError, match="frozen"):
        read(CARD).title = "另一方法"


# What is shipped.


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_card_loads_and_all_it_cites_is_known(id):
    shipped = card(id)
    assert shipped.id == id
    assert shipped.title and shipped.title_en
    assert shipped.clause or shipped.standard == "arithmetic"
    assert source(shipped.standard).title
    assert shipped.standing in STANDINGS
    for condition in shipped.conditions:
        assert source(condition.source).title
        assert condition.text


@pytest.mark.parametrize("id", SHIPPED)
def test_what_a_shipped_card_refers_to_is_there(id):
    shipped = card(id)
    known = {term.name for term in shipped.terms} | {choice.name for choice in shipped.choices}
    if shipped.replaced_by:
        assert card(shipped.replaced_by)
    for term in shipped.terms:
        if term.parameter:
            assert parameter(term.parameter).values
        if term.not_before:
            assert term.not_before in known
        if term.lookup is not None:
            columns = table(term.lookup.table).heading.columns
            assert term.lookup.column in columns
            for key in term.lookup.keys.values():
                assert key.startswith("=") or key in known or key in SHIPPED
        if term.range is not None:
            assert source(term.range.source).title
            if term.range.table:
                columns = table(term.range.table).heading.columns
                assert {term.range.low_column, term.range.high_column} <= set(columns)
            elif term.range.low is not None and term.range.high is not None:
                assert term.range.low <= term.range.high


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_unit_is_known_and_a_title_is_chinese(id):
    shipped = card(id)
    for term in shipped.terms:
        assert re.search(r"[\u4e00-\u9fff]", term.title)
        for text in term.unit:
            unit(bound_unit(text, "t"))
    unit(bound_unit(shipped.result.unit, "t"))


@pytest.mark.parametrize("id", SHIPPED)
def test_a_card_is_no_firmer_than_the_reading_of_its_standard(id):
    shipped = card(id)
    if shipped.standing == "verified":
        assert source(shipped.standard).read in ("text", "excerpt")


def test_the_heads_are_the_five_of_article_1235_with_clearance_apart_from_restoration():
    assert set(HEADS) == {
        "clearance",
        "prevention",
        "restoration",
        "interim",
        "permanent",
        "investigation",
    }


def test_an_unknown_card_is_refused_and_the_nearest_offered():
    with pytest.raises(ContentError, match="没有方法卡片 interim-los。是否指 interim-loss"):
        card("interim-los")


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("[unit]", "t", "t"),
        ("元/[unit]", "t", "元/t"),
        ("元/[unit]/年", "亩", "元/亩/年"),
        ("元/[unit]", "", "元"),
        ("元/[unit]/年", "", "元/年"),
        ("元/[unit]", "m^3/天", "元/(m^3/天)"),
        ("元/t", "亩", "元/t"),
    ],
)
def test_a_unit_left_open_is_filled_with_what_is_given(text, to, expected):
    assert bound_unit(text, to) == expected


@pytest.mark.parametrize("to", ["t*km", "t·km", "人*天", "t km"])
def test_a_price_for_a_product_of_units_is_for_the_whole_product(to):
    # 元 for each t·km, times t·km, is 元.
    priced = unit(bound_unit("元/[unit]", to))
    assert (priced * unit(to)).dimensionality == unit("元").dimensionality


# Every way to spoil a card.


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "方法"', 'title = "方法', 2, "TOML 写法有误"),
        ('title = "方法"', 'title = "方法"\ntitle = "法"', 3, "同一键是否写了两次"),
        ('id = "made"', 'id = "other"', None, "id other 与文件名不同"),
        ('id = "made"', 'id = "Made"', 1, "所给为 'Made'"),
        ('standard = "civil-code"\n', "", None, "standard 缺少必填项"),
        ('standing = "verified"\n\n[[term]]', "\n[[term]]", None, "standing 缺少必填项"),
        ('clause = "第一条"\nsince', "since", None, "clause 缺少必填项"),
        ('standard = "civil-code"', 'standard = "civil-cod"', None, "是否指 civil-code？"),
        ("since = 2021-01-01", 'since = "2021年"', 7, "应为日期，如 2024-06-01，所给为 '2021年'"),
        ("since = 2021-01-01", 'sicne = "2021年"', 7, "sicne 未知的键。是否指 since"),
        ('["clearance"]', '["clearnce"]', 4, "heads[1] 只能取 'clearance'"),
        ('symbol = "P"', 'symbl = "P"', 18, "term[2].symbl 未知的键。是否指 symbol？"),
        ('symbol = "P"\n', "", 16, "term[2].symbol 缺少必填项"),
        ('unit = "元/t"', 'unit = "元/tt"', 20, "term[2].unit 不认识的单位，所给为 元/tt"),
        ('unit = "元/t"', 'unit = "元/mu"', 20, "单位 mu 有歧义，所给为 元/mu。请写 亩"),
        ('unit = "t"', 'unit = "t"\nsign = "minus"', 15, "sign 只能取 'positive'"),
        ('unit = "t"', 'unit = "t"\nshare = "yes, sir"', 15, "应为 true 或 false"),
        ("low = 1", 'low = "一"', 23, "term[2].range.low 应为数，所给为 '一'"),
        ('source = "civil-code"\nclause = "第一条"\nstanding = "verified"\n\n[result]',
         'clause = "第一条"\nstanding = "verified"\n\n[result]', 22, "range.source 缺少必填项"),
        ('source = "civil-code"\nclause = "第一条"\nstanding = "verified"\n\n[result]',
         'source = "civil-code"\nclause = "第一条"\n\n[result]', 22, "range.standing 缺少必填项"),
        ('kind = "requires"', 'kind = "needs"', 36, "只能取 'requires'、'forbids'"),
        ('source = "civil-code"\nstanding', 'source = "civil"\nstanding', None, "没有来源 civil"),
        ('name = "price"', 'name = "quantity"', None, "term 与 choice 的名称有重复"),
        ('symbol = "P"', 'symbol = "Q"', None, "符号有重复"),
        ('symbol = "F"', 'symbol = "Q"', None, "符号有重复"),
        ('[result]\nsymbol = "F"\ntitle = "费用"\n', "", None, "result 缺少必填项"),
        ('unit = "t"', 'unit = "t"\nlines = true', None, "有 lines 的 term 须有 [lines] 表"),
    ],
)  # fmt: skip
def test_a_spoiled_card_is_refused_with_file_and_line(spoiled, old, new, line, words):
    message = spoiled(old, new)
    assert "made.toml" in message
    assert words in message, message
    if line is not None:
        assert re.search(rf"made\.toml[^\n]*第 {line} 行", message), message


def test_units_that_do_not_go_in_parallel_are_refused(read):
    text = CARD.replace('"t"', '["t", "m^3"]').replace('"元/t"', '["元/t", "元/m^3", "元/株"]')
    with pytest.raises(ContentError, match="各 term 的备选单位个数不一致"):
        read(text)


def test_a_card_without_a_term_is_refused(read):
    with pytest.raises(ContentError, match=r"made\.toml：term 缺少必填项"):
        read(CARD[: CARD.index("[[term]]")] + CARD[CARD.index("[result]") :])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("since = 2021-01-01", "since = 2021-01-01\nuntil = 2020-12-31"),
        ("low = 1", "low = 3"),
        ("low = 1", "low = nan"),
        ('unit = "t"', 'unit = "t"\nnot_before = "nosuch"'),
        ('title = "费用"', 'title = "费用"\nunit = "tt"'),
    ],
    ids=lambda text: text.replace("\n", " ")[-40:],
)
def test_a_card_that_cannot_work_is_refused_when_it_is_read(spoiled, old, new):
    assert "made.toml" in spoiled(old, new)


@pytest.mark.parametrize("id", SHIPPED)
def test_a_card_says_since_when_its_standard_holds(id):
    shipped = card(id)
    dated = source(shipped.standard).number.startswith("GB")
    assert shipped.since is not None or not dated
