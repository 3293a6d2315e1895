"""The number, or the column of numbers, that a formula tree stands for.

A tree is put into a list of operations once; the list is then run on numbers or on columns with
the same ufuncs, so that an opinion and a batch never differ in the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .tree import (
    Binary,
    Call,
    Comparison,
    Constant,
    Negative,
    Node,
    Operand,
    Step,
    Sum,
    Where,
    Year,
    children,
    walk,
)

Array = npt.NDArray[np.float64]
Values = Mapping[str, Any]


def _alike(ufunc: np.ufunc) -> Callable[..., Any]:
    """Return *ufunc* so that a number and a row of a column come out alike to the last bit.

    numpy takes other routines for a single number, for an exponent that is the same all along
    (0.5 becomes a root) and for gaps between the numbers; over an unbroken array of eight and
    more (one full vector register) it takes one only.
    """

    def computed(*operands: Any) -> Any:
        spread = np.broadcast_arrays(*operands)
        shape, size = spread[0].shape, spread[0].size
        flat = [np.ascontiguousarray(each, dtype=float).ravel() for each in spread]
        if size < _REGISTER:
            flat = [np.resize(each, _REGISTER) for each in flat]
        return ufunc(*flat)[:size].reshape(shape)[()]

    return computed


_REGISTER = 8
_UFUNCS: dict[str, Any] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": _alike(np.power),
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "exp": _alike(np.exp),
    "log": _alike(np.log),
    "smallest": np.minimum,
    "largest": np.maximum,
    "negative": np.negative,
}

# Rows are taken in blocks that stay in the processor's cache with all their intermediate results.
BLOCK = 32_768


@dataclass(frozen=True, slots=True)
class _Operation:
    """Put *compute* of the registers *sources* into the register *target*.

    ``reusable`` are the sources that nothing needs afterwards: in a block of a column, the first
    of them that is an array of the right shape is overwritten by the result.
    """

    compute: Any
    sources: tuple[int, ...]
    target: int
    reusable: tuple[int, ...]


@dataclass(frozen=True)
class _Program:
    """The operations of a tree, what its registers start with, and where its steps end up."""

    operations: tuple[_Operation, ...]
    operands: tuple[tuple[int, str], ...]
    constants: tuple[tuple[int, float], ...]
    years: tuple[int, ...]
    steps: tuple[tuple[str, int], ...]
    size: int
    result: int

    def start(self, values: Values) -> list[Any]:
        """Return the registers filled with *values* and the constants."""
        registers: list[Any] = [None] * self.size
        for register, name in self.operands:
            registers[register] = np.asarray(values[name], dtype=float)[()]
        for register, constant in self.constants:
            registers[register] = constant
        return registers

    def run(self, registers: list[Any]) -> Any:
        """Carry the operations out and return the result."""
        for operation in self.operations:
            registers[operation.target] = operation.compute(
                *[registers[source] for source in operation.sources]
            )
        return registers[self.result]

    def run_into(self, registers: list[Any], out: Array) -> None:
        """Carry the operations out on a block of a column, into *out*, overwriting the spare."""
        last = self.operations[-1] if self.operations else None
        for operation in self.operations:
            taken = [registers[source] for source in operation.sources]
            if not isinstance(operation.compute, np.ufunc):
                registers[operation.target] = operation.compute(*taken)
                continue
            into = out if operation is last and operation.target == self.result else None
            if into is None:
                for source in operation.reusable:
                    if getattr(registers[source], "shape", None) == out.shape:
                        into = registers[source]
                        break
            registers[operation.target] = operation.compute(*taken, out=into)
        if registers[self.result] is not out:
            out[...] = registers[self.result]


def evaluate(root: Node, values: Values) -> tuple[Any, dict[str, Any]]:
    """Return what *root* comes to, and each named step, for *values* by operand name.

    *values* are numbers, or columns of one length, in the units of the card; an operand with
    lines has its lines along the first axis. A sum runs in order, line after line, so that a
    number and the same number inside a column come out alike to the last digit.
    """
    program = _program(root)
    registers = program.start(values)
    with np.errstate(all="ignore"):
        result = program.run(registers)
    return result, {name: registers[register] for name, register in program.steps}


def evaluate_column(
    root: Node,
    values: Mapping[str, Array | float],
    rows: int,
    inspect: Callable[[Mapping[str, Array | float], int], None] | None = None,
) -> Array:
    """Return the column of *rows* results for columns (or single numbers) by operand name.

    The rows are taken in blocks, and *inspect* sees each block's operands and first row while
    they are still in the cache. Only formulas without lines have a column of this kind.
    """
    program = _program(root)
    result = np.empty(rows)
    columns = {name: np.asarray(value) for name, value in values.items() if np.ndim(value)}
    block = dict(values)
    with np.errstate(all="ignore"):
        for start in range(0, rows, BLOCK):
            stop = min(start + BLOCK, rows)
            for name, column in columns.items():
                block[name] = column[start:stop]
            if inspect is not None:
                inspect(block, start)
            program.run_into(program.start(block), result[start:stop])
    return result


@lru_cache(maxsize=1024)
def _program(root: Node) -> _Program:
    return _Compiler(root).program()


class _Compiler:
    """Give each node of a tree a register, and each computed one an operation."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.register: dict[int, int] = {}
        self.operations: list[_Operation] = []
        self.operands: list[tuple[int, str]] = []
        self.constants: list[tuple[int, float]] = []
        self.years: list[int] = []
        self.steps: list[tuple[str, int]] = []
        self.size = 0
        self.uses: dict[int, int] = {}
        for part in walk(root):
            for child in children(part):
                self.uses[id(child)] = self.uses.get(id(child), 0) + 1

    def program(self) -> _Program:
        result = self.of(self.root)
        return _Program(
            tuple(self.operations),
            tuple(self.operands),
            tuple(self.constants),
            tuple(self.years),
            tuple(self.steps),
            self.size,
            result,
        )

    def new(self) -> int:
        self.size += 1
        return self.size - 1

    def of(self, at: Node) -> int:
        if id(at) not in self.register:
            self.register[id(at)] = self.place(at)
        return self.register[id(at)]

    def place(self, at: Node) -> int:
        match at:
            case Operand(name, _):
                register = self.new()
                self.operands.append((register, name))
                return register
            case Constant(value):
                register = self.new()
                self.constants.append((register, float(value)))
                return register
            case Year():
                register = self.new()
                self.years.append(register)
                return register
            case Step(name, definition):
                register = self.of(definition)
                self.steps.append((name, register))
                return register
            case Binary(operator, left, right) | Comparison(operator, left, right):
                return self.operation(_UFUNCS[operator], left, right)
            case Negative(inner):
                return self.operation(_UFUNCS["negative"], inner)
            case Call("per_year", (inner,)):
                return self.of(inner)
            case Call(function, (single,)):
                if function in ("smallest", "largest"):
                    return self.of(single)
                return self.operation(_UFUNCS[function], single)
            case Call(function, (first, *rest)):
                register = self.of(first)
                for other in rest:
                    register = self.append(_UFUNCS[function], (register, self.of(other)), ())
                return register
            case Where(condition, then, otherwise):
                return self.operation(_where, condition, then, otherwise)
            case Sum(body, index):
                return self.sum(body, index)
        raise TypeError(f"cannot evaluate {type(at).__name__}")

    def operation(self, compute: Any, *parts: Node) -> int:
        sources = tuple(self.of(part) for part in parts)
        spare = tuple(
            source for part, source in zip(parts, sources, strict=True) if self.is_spare(part)
        )
        return self.append(compute, sources, spare)

    def append(self, compute: Any, sources: tuple[int, ...], spare: tuple[int, ...]) -> int:
        target = self.new()
        self.operations.append(_Operation(compute, sources, target, spare))
        return target

    def is_spare(self, part: Node) -> bool:
        """Tell whether *part* is an intermediate result that only one node needs."""
        while isinstance(part, Step) and self.uses.get(id(part)) == 1:
            part = part.definition
        return isinstance(part, (Binary, Negative)) and self.uses.get(id(part)) == 1

    def sum(self, body: Node, index: Year | str) -> int:
        if isinstance(index, str):
            return self.append(_sum_lines, (self.of(body),), ())
        program = _Compiler(body).program()
        by_name = {part.name: part for part in walk(body) if isinstance(part, Operand)}
        taken = [self.of(by_name[name]) for _, name in program.operands]
        for part in walk(body):
            if isinstance(part, Step):
                # It does not change from year to year, and is recorded like any other.
                self.of(part)
        lines = tuple(bool(by_name[name].line) for _, name in program.operands)
        sources = (self.of(index.first), self.of(index.last), *taken)
        return self.append(_YearSum(program, lines), sources, ())


def _where(condition: Any, then: Any, otherwise: Any) -> Any:
    return np.where(condition, then, otherwise)[()]


def _sum_lines(terms: Any) -> Any:
    return np.add.accumulate(terms, axis=0)[-1]


@dataclass(frozen=True)
class _YearSum:
    """Sum a body over whole years; rows of a column may run over different years."""

    program: _Program
    lines: tuple[bool, ...]

    def __call__(self, first: Any, last: Any, *operands: Any) -> Any:
        begin = np.asarray(first, dtype=float)
        count = np.asarray(last, dtype=float) - begin + 1
        longest = max(int(np.max(count)), 1)
        # The years run along an axis of their own, before that of the rows.
        rows = [
            np.ndim(each) for each, lined in zip(operands, self.lines, strict=True) if not lined
        ]
        axes = max(count.ndim, *rows) if rows else count.ndim
        offset = np.arange(longest, dtype=float).reshape((-1,) + (1,) * axes)
        inside = offset < count
        names = (name for _, name in self.program.operands)
        registers = self.program.start(dict(zip(names, operands, strict=True)))
        # A row whose years are over stays at its first year, and adds nothing.
        for register in self.program.years:
            registers[register] = np.where(inside, begin + offset, begin)
        terms = np.where(inside, self.program.run(registers), 0.0)
        return np.add.accumulate(terms, axis=0)[-1]
