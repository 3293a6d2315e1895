"""Every way to spoil punitive damages, obligors and settlement is said with field, clause and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecoval.case import Case
from ecoval.errors import EcovalError

WHOLE = (Path(__file__).parent.parent / "benchmarks" / "whole.toml").read_text(encoding="utf-8")
NANTONG = "《关于贯彻落实生态环境损害赔偿管理规定的实施意见》三"

# What is wrong: the text replaced, what by, the piece in whose line the fault is said, the words.
SPOILT = {
    "a multiplier above the soft cap without reason": (
        "multiplier = 1.2",
        "multiplier = 2.5",
        "multiplier = 2.5",
        "punitive.multiplier：超过一般不超过基数 2 倍的上限（法释〔2022〕1号第十条第一款），须写理由与所据条款，所给为 2.5 倍",
    ),
    "a lump sum above the soft cap without reason": (
        "multiplier = 1.2",
        'lump_sum = "261000 元"',
        "lump_sum",
        "punitive.lump_sum：超过一般不超过基数 2 倍的上限",
    ),
    "a negative multiplier": (
        "multiplier = 1.2",
        "multiplier = -1",
        "multiplier",
        "punitive.multiplier：倍数不得为负（法释〔2022〕1号第十条第一款），所给为 -1",
    ),
    "multiplier and lump sum": (
        "multiplier = 1.2",
        'multiplier = 1.2\nlump_sum = "1 元"',
        "lump_sum",
        "倍数（multiplier）与酌定总额（lump_sum）只能写一个",
    ),
    "an unknown presumption": (
        '"untreated_discharge"',
        '"untreated_discharg"',
        "untreated_discharg",
        "punitive.presumed[1]：不是“可以认定为故意的情形”所列的情形，所给为 untreated_discharg。是否指 untreated_discharge",
    ),
    "an unknown factor": (
        'factor = "malice"',
        'factor = "malic"',
        'factor = "malic"',
        f"punitive.factor[1].factor：不是应考虑的因素（{NANTONG}（八）），所给为 malic。是否指 malice",
    ),
    "a score without reason": (
        'reason = "暗管排放"',
        'reason = ""',
        'reason = ""',
        "punitive.factor[1].score[2].reason：专家 李二 的评分没有理由",
    ),
    "an expert who scores twice": (
        'expert = "李二"',
        'expert = "张一"',
        "[[punitive.factor.score]]",
        "专家 张一 对同一因素评了两次",
    ),
    "an agreed value outside the spread without reason": (
        'reason = "复议后下调"',
        "",
        "agreed = 0.9",
        "punitive.factor[2].agreed：“采取的修复措施及其效果”的议定值在各专家评分之外，须写理由",
    ),
    "shares that do not add up to one": (
        'share = "1/3"',
        "share = 0.333",
        "2/3",
        "obligors.part[1].share：各义务人的份额之和须恰为 1（《中华人民共和国民法典》第一千二百三十一条〔待核实〕）",
    ),
    "a share in percent without the sign": (
        'share = "1/3"',
        "share = 70",
        "share = 70",
        'obligors.part[2].share：丙公司的份额大于 1，所给为 70。百分数写作 "70%"',
    ),
    "a cap in percent without the sign": (
        'cap_ratio = "10%"',
        "cap_ratio = 10",
        "cap_ratio = 10",
        '抵扣上限须大于 0 且不超过 1（协议约定），所给为 10。百分数写作 "10%"',
    ),
    "money without any unit": (
        'amount = "8000 元"',
        'amount = "8000"',
        'amount = "8000"',
        'settlement.labour[1].amount 金额须写单位，如 "40000 元"，所给为 8000',
    ),
    "money that is a mass": (
        'amount = "8000 元"',
        'amount = "8000 t"',
        'amount = "8000 t"',
        "settlement.labour[1].amount 应为金额，以 元、万元 等计，所给为 8000 t",
    ),
    "a key far from every one": (
        "held_by",
        "foo",
        "foo",
        "settlement.deposit.foo 未知的键。可写：amount、held_by、settled、evidence、note。",
    ),
    "a table that is none": (
        "[[settlement.third_party]]",
        "[[settlement.thirdparty]]",
        "[[settlement.thirdparty]]",
        "settlement.thirdparty 未知的键。是否指 third_party？",
    ),
    "a negative share": (
        'share = "1/3"',
        'share = "-1/3"',
        "-1/3",
        "obligors.part[2].share：份额不得为负（《中华人民共和国民法典》第一千二百三十一条〔待核实〕），所给为 -1/3",
    ),
    "a quantity of another kind": (
        'quantity = "10 t"',
        'quantity = "10 m³"',
        "10 m³",
        "obligors.part[2].quantity：各义务人的数量须同类可比，所给为 10 m³",
    ),
    "an obligor twice": (
        'name = "丙公司"\nshare',
        'name = "乙公司"\nshare',
        'name = "乙公司"',
        "obligors.part[2].name：赔偿义务人 乙公司 列了两次",
    ),
    "restoration above its part": (
        'amount = "200000 元"',
        'amount = "300000.01 元"',
        "300000.01",
        "settlement.restoration[1].amount：自行或委托修复超过可抵的部分 300,000.00 元（《中华人民共和国民法典》第一千二百三十四条），所给为 300,000.01 元",
    ),
    "a form above the obligor's own part": (
        'amount = "200000 元"\nobligor = "乙公司"',
        'amount = "200000 元"\nobligor = "丙公司"',
        "200000",
        "自行或委托修复超过 丙公司 应承担而未履行的 143,333.36 元",
    ),
    "a form of nobody": (
        'obligor = "乙公司"\nby',
        "by",
        "200000",
        "各义务人按份承担，须写明自行或委托修复由谁履行（obligor）。可写：乙公司、丙公司",
    ),
    "a substitute of another kind": (
        'gained = "1 公顷"',
        'gained = "100 株"',
        "100 株",
        "所得与所失须以同一种量计，所给为 100 株",
    ),
    "a substitute on no ground": (
        'grounds = "in_situ_difficult"',
        'grounds = "cheaper"',
        "cheaper",
        f"settlement.substitute[1].grounds：不是可以替代修复的情形（{NANTONG}（九）），所给为 cheaper",
    ),
    "carbon that is not certified": (
        "certified = true",
        "certified = false",
        "certified = false",
        "settlement.carbon[1].certified：只有经核证的林业碳汇可以替代履行（法释〔2022〕16号第二十条）",
    ),
    "carbon without certificate": (
        'certificate = "TH-2024-0001"',
        "",
        "[[settlement.carbon]]",
        "settlement.carbon[1].certificate：认购的林业碳汇须写注销证书号。尚未注销的，在同一个 [[settlement.carbon]] 中与 certificate 并列写 open",
    ),
    "carbon above the forest part": (
        'tonnes = "300 t"',
        'tonnes = "801 t"',
        "801 t",
        "settlement.carbon[1].tonnes：认购林业碳汇抵森林生态环境损害超过可抵的部分 80,000.00 元（法释〔2022〕16号第二十条），所给为 80,100.00 元",
    ),
    "a price of carbon by volume": (
        'price = "100 元/t"',
        'price = "100 元/m³"',
        "100 元/m³",
        "碳汇单价须以 元/t 或 元/tCO2e 计",
    ),
    "labour that nobody asked for": (
        'request = { met = true, evidence = "M1" }',
        "",
        "[[settlement.labour]]",
        "settlement.labour[1].request：劳务代偿以赔偿义务人自愿申请为前提（约定）",
    ),
    "labour without a rate": (
        'monthly_wage = "8700 元"',
        "",
        "average_wage",
        "settlement.labour[1].basis：须写明劳务折算的依据（basis）和标准",
    ),
    "labour at a rate of another basis": (
        'monthly_wage = "8700 元"',
        'hourly = "50 元/h"',
        "50 元/h",
        "当地月平均工资折算只写 monthly_wage 中的一项",
    ),
    "a schedule with too few hours": (
        "sessions = 20",
        "sessions = 19",
        "sessions = 19",
        "劳务排期不能完成：19 次 × 8 小时 = 152 小时，少于应完成的 160 小时",
    ),
    "a schedule whose least number is done before its last month": (
        "least_per_month = 3",
        "least_per_month = 4",
        "least_per_month",
        "劳务排期不能完成：7 个月每月至少 4 次，20 次不到末月即已做完",
    ),
    "a schedule with too few sessions a month": (
        "least_per_month = 3",
        "most_per_month = 2",
        "most_per_month",
        "劳务排期不能完成：7 个月每月至多 2 次，不足 20 次",
    ),
    "a least number of sessions above the days of a month": (
        "sessions = 20\nhours_per_session = 8\nleast_per_month = 3",
        "sessions = 210\nhours_per_session = 8\nleast_per_month = 32",
        "least_per_month",
        "劳务排期不能完成：每月至少 32 次，每日至多一次，日数不足",
    ),
    "a schedule that ends before it begins": (
        "until = 2025-04-30",
        "until = 2024-09-30",
        "until = 2024-09-30",
        "劳务排期不能完成：结束日 2024-09-30 早于开始日 2024-10-01",
    ),
    "sessions longer than a working day": (
        "hours_per_session = 8",
        "hours_per_session = 9",
        "hours_per_session = 9",
        "每次 9 小时，须大于零且不超过每日 8 小时",
    ),
    "upgrading above its cap": (
        'spend = "20000 元"',
        'spend = "90000 元"\namount = "43000.01 元"',
        "43000.01",
        "settlement.upgrade[1].amount：技术改造抵扣超过可抵的 43,000.00 元（协议约定），",
    ),
    "upgrading out of its time": (
        "verified = true",
        "verified = true\nspent_on = 2025-09-01",
        "spent_on",
        "settlement.upgrade[1].spent_on：投入之日不在约定的期限内",
    ),
    "a cap above the whole": (
        'cap_ratio = "10%"',
        'cap_ratio = "110%"',
        "110%",
        "抵扣上限须大于 0 且不超过 1",
    ),
    "a negative deductible": (
        'deductible = "5000 元"',
        'deductible = "-5000 元"',
        "-5000",
        "settlement.insurance[1].deductible：保险限额和免赔额不得为负",
    ),
    "a number of instalments below one": (
        "count = 3",
        "count = -3",
        "count = -3",
        "settlement.instalments[1].count：期数须为正，所给为 -3",
    ),
    "interest without its terms": (
        "day_basis = 365\n",
        "",
        "[[settlement.instalments]]",
        "settlement.instalments[1].day_basis：约定利息的，须写一年按几日计",
    ),
    "instalments of nobody": (
        'obligor = "乙公司"\ncount',
        "count",
        "[[settlement.instalments]]",
        "各义务人按份承担，每人至多一个分期方案，须写明是谁的",
    ),
    "a deposit above what it secures": (
        'amount = "50000 元"\nheld_by',
        'amount = "230000.01 元"\nheld_by',
        "230000.01",
        f"settlement.deposit.amount：修复保证金超过所担保的修复、替代修复 230,000.00 元（{NANTONG}（十一）），所给为 230,000.01 元",
    ),
    "a negative deposit": (
        'amount = "50000 元"\nheld_by',
        'amount = "-1 元"\nheld_by',
        "-1 元",
        "settlement.deposit.amount：修复保证金须大于零",
    ),
    "a fine paid twice over": (
        'paid = "100000 元"',
        'paid = "100000.01 元"',
        "100000.01",
        "punitive.fine[1].paid：已缴的罚款、罚金须在其数额之内，所给为 100000.01 元",
    ),
    "money without its unit": (
        'amount = "8000 元"',
        "amount = 8000",
        "amount = 8000",
        'settlement.labour[1].amount 金额须写单位，如 "40000 元"，所给为 8000',
    ),
    "money in parts of a fen": (
        'amount = "8000 元"',
        'amount = "8000.001 元"',
        "8000.001",
        "settlement.labour[1].amount 金额须精确到分，所给为 8000.001 元",
    ),
    "a number that is none": (
        "multiplier = 1.2",
        'multiplier = "两倍"',
        "两倍",
        "punitive.multiplier 应为数或分数",
    ),
    "a key that is none": (
        "held_by",
        "heldby",
        "heldby",
        "settlement.deposit.heldby 未知的键。是否指 held_by？",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_settlement_names_field_clause_and_line(tmp_path: Path, name: str) -> None:
    old, new, at, words = SPOILT[name]
    assert WHOLE.count(old) == 1
    text = WHOLE.replace(old, new)
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EcovalError) as caught:
        Case.read(path).assess()
    said = str(caught.value)
    assert not re.search("[。？]。", said)
    assert words in said
    (line,) = re.findall(r"case\.toml 第 (\d+) 行", said)
    assert at in text.splitlines()[int(line) - 1]


PLAN = """\
title = "某案"
place = "江苏省南通市"
on = 2024-06-01
route = "review"
[[item]]
method = "adopted-amount"
head = "interim"
inputs = { amount = "100 元" }
[settlement]
[[settlement.instalments]]
security = true
"""


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (["-1 元", "101 元"], "每期金额须大于零，所给为 -1.00 元"),
        (["0 元", "100 元"], "每期金额须大于零"),
        (["50 元", "49.99 元"], "各期之和 99.99 元不等于应支付的 100.00 元$"),
    ],
)
def test_instalments_are_positive_and_add_up(tmp_path: Path, parts: list[str], words: str) -> None:
    path = tmp_path / "case.toml"
    rows = "".join(
        f'[[settlement.instalments.part]]\non = 2024-0{place}-01\namount = "{part}"\n'
        for place, part in enumerate(parts, start=7)
    )
    path.write_text(PLAN + rows, encoding="utf-8")
    with pytest.raises(EcovalError, match=words):
        Case.read(path).assess()


def test_a_multiplier_above_the_cap_stands_with_reason_and_clause(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    more = 'multiplier = 2.5\nreason = "多次被处罚后再犯"\nclause = "第十条第一款"'
    path.write_text(WHOLE.replace("multiplier = 1.2", more), encoding="utf-8")
    punitive = Case.read(path).assess().punitive
    # 130,000.07 × 2.5 = 325,000.175.
    assert punitive is not None and punitive.amount == 32500018


def test_before_the_interpretation_there_is_no_cap() -> None:
    case = Case(
        title="某案",
        place="江苏省南通市",
        on="2021-06-01",
        route="review",
        items=[{"method": "adopted-amount", "head": "interim", "inputs": {"amount": "100 元"}}],
        punitive={"multiplier": 3, "base": "interim_permanent", "base_reason": "判决"},
    )
    punitive = case.assess().punitive
    assert punitive is not None and punitive.amount == 30000 and punitive.cap is None


def test_where_no_base_is_known_it_is_asked_for() -> None:
    case = Case(
        title="某案",
        place="江苏省南通市",
        on="2021-06-01",
        route="review",
        items=[{"method": "adopted-amount", "head": "interim", "inputs": {"amount": "100 元"}}],
        punitive={"multiplier": 1},
    )
    with pytest.raises(
        EcovalError, match="2021-06-01 未见惩罚性赔偿计算基数的规定，须写明基数及理由"
    ):
        case.assess()
