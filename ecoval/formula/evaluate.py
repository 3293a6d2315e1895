"""The number, or the column of numbers, that a formula tree stands for.

Numbers and columns run through the same ufuncs, so that an opinion and a batch never differ in
the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .program import CONDITIONS, Program, Values, program
from .tree import Node

Array = npt.NDArray[np.float64]

# Rows are taken in blocks that stay in the processor's cache with all their intermediate results.
# With a sum over years, each row brings as many numbers as it has years.
BLOCK = 12_288
BLOCK_OF_SUMS = 512


def evaluate(root: Node, values: Values) -> tuple[Any, dict[str, Any]]:
    """Return what *root* comes to, and each named step, for *values* by operand name.

    *values* are numbers, or columns of one length, in the units of the card; an operand with
    lines has its lines along the first axis. A sum runs in order, line after line, so that a
    number and the same number inside a column come out alike to the last digit. What is divided by
    zero, overflows or has no logarithm is NaN, and so is all that is computed from it.
    """
    whole = program(root)
    registers = whole.start(values)
    watch = _Watch()
    with watch:
        result = whole.run(registers)
    if watch.seen:
        registers = whole.start(values)
        with np.errstate(all="ignore"):
            result = whole.run(registers, careful=True)
    return result, {name: registers[register] for name, register in whole.steps}


def evaluate_column(
    root: Node,
    values: Mapping[str, Array | float],
    rows: int,
    inspect: Callable[[Mapping[str, Array | float], Array, int], None] | None = None,
) -> Array:
    """Return the column of *rows* results for columns (or single numbers) by operand name.

    The rows are taken in blocks, and *inspect* sees each block's operands, its results and its
    first row while they are still in the cache. Only formulas without lines have such a column.
    """
    whole = program(root)
    result = np.empty(rows)
    columns = {
        name: np.asarray(value, dtype=float) for name, value in values.items() if np.ndim(value)
    }
    start = whole.start({name: 0.0 if name in columns else values[name] for name in values})
    places = [(register, columns[name]) for register, name in whole.operands if name in columns]
    size = BLOCK if whole.is_flat else BLOCK_OF_SUMS

    blocks, watch, block = _Blocks(whole), _Watch(), dict(values)
    with watch:
        for first in range(0, rows, size):
            last = min(first + size, rows)
            for name, column in columns.items():
                block[name] = column[first:last]
            registers = start.copy()
            for register, column in places:
                registers[register] = column[first:last]
            out = result[first:last]
            blocks.run(registers, out)
            if watch.seen:
                watch.seen = False
                with np.errstate(all="ignore"):
                    out[...] = whole.run(whole.start(block), careful=True)
            if inspect is not None:
                inspect(block, out, first)
    return result


class _Watch:
    """Notice that some operation was not finite: it may be hidden in a finite result."""

    def __init__(self) -> None:
        self.seen = False
        self.state: Any = None

    def __enter__(self) -> None:
        self.state = np.errstate(
            divide="call", over="call", invalid="call", under="ignore", call=self._saw
        )
        self.state.__enter__()

    def __exit__(self, *raised: object) -> None:
        self.state.__exit__(*raised)

    def _saw(self, kind: str, flag: int) -> None:
        self.seen = True


class _Blocks:
    """Run a program on one block of a column after another, in memory that the blocks share.

    Fresh memory costs more than the arithmetic: each intermediate result has its place, decided
    with the first block of a length and kept for the others.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.length = -1
        self.places: list[Array | None] = []

    def run(self, registers: list[Any], out: Array) -> None:
        """Carry the operations out on the *registers* of one block, into *out*."""
        program = self.program
        if len(out) != self.length:
            self._plan(registers, out)
        for operation, place in zip(program.operations, self.places, strict=True):
            taken = [registers[source] for source in operation.sources]
            if place is None:
                registers[operation.target] = operation.compute(*taken)
            else:
                into = out if operation is program.operations[-1] else place
                registers[operation.target] = operation.compute(*taken, out=into)
        if registers[program.result] is not out:
            out[...] = registers[program.result]

    def _plan(self, registers: list[Any], out: Array) -> None:
        """Decide where each operation puts its result, by the shapes it meets in this block."""
        self.length = len(out)
        self.places = []
        held: dict[int, Array] = {}
        shapes = {register: np.shape(value) for register, value in enumerate(registers)}
        for operation in self.program.operations:
            met = {shapes[source] for source in operation.sources}
            whole = isinstance(operation.compute, np.ufunc) and met in (
                {out.shape},
                {out.shape, ()},
            )
            place = None
            if whole and operation.compute not in CONDITIONS:
                spare = next((each for each in operation.reusable if each in held), None)
                place = held.pop(spare) if spare is not None else np.empty(self.length)
                held[operation.target] = place
            shapes[operation.target] = out.shape if out.shape in met else ()
            self.places.append(place)
