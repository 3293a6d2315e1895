"""Write cases.xlsx, a small book with healthy and damaged rows, to try ``ecoval batch`` on.

python examples/make_batch_book.py && ecoval batch cases.xlsx -o results.xlsx
"""

from datetime import date

import xlsxwriter

HEADERS = ["案号", "项目", "赔偿科目", "地点", "日期", "排放数量 [t]", "单位治理成本 [元/t]", "危害系数",
           "超标系数", "环境功能系数"]  # fmt: skip
ROWS = [
    [
        "2024-01",
        "废水",
        "生态环境修复费用",
        "浙江省金华市",
        date(2024, 6, 1),
        500,
        8.3,
        1.5,
        1.25,
        2,
    ],
    [
        "2024-02",
        "废水",
        "生态环境修复费用",
        "320600",
        "2024.3.12",
        "１，２００",
        "0.00083 万元/t",
        1.5,
        1.25,
        2,
    ],
    ["2024-03", "废水", "生态环境修复费用", "重庆市", "2023.5", -3, 8.3, 1.5, 1.25, 2],
    ["2024-04", "废水", "生态环境修复费用", "金华市", date(2024, 7, 9), "约500", 8.3, 9, 1.25, 2],
]

with xlsxwriter.Workbook("cases.xlsx") as book:
    sheet = book.add_worksheet("water-virtual-treatment")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADERS)
    for number, row in enumerate(ROWS, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, at, cell, day)
            else:
                sheet.write(number, at, cell)
