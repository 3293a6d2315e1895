"""Runs over partitions on Dask: the same figures, to the last bit, whatever happens to a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from ecoval.batch import partitions, value_book
from ecoval.batch.partitions import partitions_of, value_partitions
from ecoval.batch.totals import draw_totals
from ecoval.errors import InputError, OutputError

from .batch_books import HEADERS, METHOD, many

distributed = pytest.importorskip(
    "distributed", reason="needs dask: pip install ecoval[distributed]"
)
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A cluster in threads of this process: what is patched here is patched in its workers."""
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0"
        ) as local,
        distributed.Client(local, set_as_default=False) as made,
    ):
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = many(600)
    rows[250][3] = -1
    frame = pd.DataFrame(rows, columns=HEADERS)
    frame.to_parquet(tmp_path / "cases.parquet", row_group_size=100)
    return tmp_path / "cases.parquet"


def whole(folder: Path) -> pa.Table:
    tables = [parquet.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    return pa.concat_tables(tables).replace_schema_metadata(None)


def test_partitions_are_row_groups(source: Path, tmp_path: Path) -> None:
    parts = partitions_of(source, tmp_path, rows=200)
    assert [part.groups for part in parts] == [(0, 1), (2, 3), (4, 5)]
    assert [part.first for part in parts] == [2, 202, 402]


def test_the_same_as_one_run_to_the_last_bit(client: Any, source: Path, tmp_path: Path) -> None:
    alone = value_book(source, tmp_path / "alone.parquet", method=METHOD)
    report = value_partitions(source, tmp_path / "out", method=METHOD, client=client, rows=100)
    one = parquet.read_table(tmp_path / "alone.parquet").replace_schema_metadata(None)
    assert whole(tmp_path / "out").equals(one)
    assert len(list((tmp_path / "out").glob("*.parquet"))) == 6
    assert report.summary == alone.summary
    assert report.faults == alone.faults
    assert report.text == alone.text
    assert [(note.what, note.got) for note in report.notes] == [
        (note.what, note.got) for note in alone.notes
    ]


def test_a_failed_partition_is_tried_again(
    client: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = partitions.value_block, []

    def fails_at_first(plan: Any, block: Any, *more: Any) -> Any:
        asked.append(int(block.rows[0]))
        if asked.count(asked[-1]) < 3 and asked[-1] in (2, 302):
            raise OSError("the worker lost its disk")
        return real(plan, block, *more)

    monkeypatch.setattr(partitions, "value_block", fails_at_first)
    report = value_partitions(source, tmp_path / "out", method=METHOD, client=client, rows=100)
    assert report.rows == 600
    assert len(asked) == 6 + 4
    monkeypatch.undo()
    value_book(source, tmp_path / "alone.parquet", method=METHOD)
    one = parquet.read_table(tmp_path / "alone.parquet").replace_schema_metadata(None)
    assert whole(tmp_path / "out").equals(one)


def test_what_was_finished_is_not_done_again(
    client: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = partitions.value_block, []

    def fails(plan: Any, block: Any, *more: Any) -> Any:
        asked.append(int(block.rows[0]))
        if asked[-1] == 302:
            raise OSError("the worker is gone")
        return real(plan, block, *more)

    def again() -> Any:
        return value_partitions(
            source, tmp_path / "out", method=METHOD, client=client, rows=100, retries=1
        )

    monkeypatch.setattr(partitions, "value_block", fails)
    with pytest.raises(OutputError, match="1 个分区没有算成（试了 2 次）"):
        again()
    monkeypatch.setattr(partitions, "value_block", real)
    known: list[int] = []
    monkeypatch.setattr(
        partitions, "value_block",
        lambda plan, block, *more: known.append(int(block.rows[0])) or real(plan, block, *more),
    )  # fmt: skip
    report = again()
    assert known == [302]
    assert report.rows == 600
    assert len(report.faults) == 1


def test_other_files_in_the_folder_are_left_alone(
    client: Any, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="文件夹中有别的文件"):
        value_partitions(source, tmp_path / "out", method=METHOD, client=client, force=True)


def test_only_parquet_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="分区计算只读 .parquet"):
        value_partitions(tmp_path / "a.xlsx", tmp_path / "out", method=METHOD)


def test_the_total_of_uncertain_prices(client: Any, source: Path, tmp_path: Path) -> None:
    prices = {"unit_cost": {"dist": "uniform", "low": 0.5, "high": 1.5}}
    found = draw_totals(source, prices, method=METHOD, size=50, seed=7, client=client, rows=100)
    one = value_book(source, tmp_path / "alone.parquet", method=METHOD)
    assert found.rows == one.done
    # The total is linear in the price: its share of the certain total is the factor itself.
    assert found.totals == pytest.approx(found.certain * found.factors[:, 0], rel=1e-12)
    assert found.certain == pytest.approx(one.summary.total.fens / 100, abs=0.005 * found.rows)
    again = draw_totals(source, prices, method=METHOD, size=50, seed=7, client=client, rows=100)
    assert np.array_equal(found.totals, again.totals)
    with pytest.raises(InputError, match="不能成比例地抽样"):
        draw_totals(source, {"hazard": prices["unit_cost"]}, method=METHOD, client=client)
    with pytest.raises(InputError, match="没有这个输入项"):
        draw_totals(source, {"price": prices["unit_cost"]}, method=METHOD, client=client)


def test_processes_of_their_own_and_a_scheduler_by_address(source: Path, tmp_path: Path) -> None:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as local:
        report = value_partitions(
            source, tmp_path / "out", method=METHOD, scheduler=local.scheduler_address, rows=100
        )
    value_book(source, tmp_path / "alone.parquet", method=METHOD)
    one = parquet.read_table(tmp_path / "alone.parquet").replace_schema_metadata(None)
    assert whole(tmp_path / "out").equals(one)
    assert report.rows == 600


def test_a_scheduler_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "PATIENCE", "1s")
    with pytest.raises(InputError, match="连不上调度器"), partitions.cluster("tcp://127.0.0.1:1"):
        pass
