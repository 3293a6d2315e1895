"""A formula tree as a list of operations, to be carried out on numbers or on columns alike."""

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
    Highest,
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

CONDITIONS = (np.less, np.less_equal, np.greater, np.greater_equal)


@dataclass(frozen=True, slots=True)
class Operation:
    """Put *compute* of the registers *sources* into the register *target*.

    ``reusable`` are the sources that nothing needs afterwards: their memory may take the result.
    """

    compute: Any
    sources: tuple[int, ...]
    target: int
    reusable: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """The operations of a tree, what its registers start with, and where its steps end up."""

    operations: tuple[Operation, ...]
    operands: tuple[tuple[int, str], ...]
    constants: tuple[tuple[int, float], ...]
    years: tuple[int, ...]
    steps: tuple[tuple[str, int], ...]
    size: int
    result: int

    @property
    def is_flat(self) -> bool:
        """Whether nothing is summed over years."""
        return not any(isinstance(each.compute, _YearSum) for each in self.operations)

    def start(self, values: Values) -> list[Any]:
        """Return the registers filled with *values* and the constants."""
        registers: list[Any] = [None] * self.size
        for register, name in self.operands:
            registers[register] = np.asarray(values[name], dtype=float)[()]
        for register, constant in self.constants:
            registers[register] = constant
        return registers

    def run(self, registers: list[Any], *, careful: bool = False) -> Any:
        """Carry the operations out and return the result.

        A *careful* run turns whatever is not finite into NaN and lets nothing turn it back: 2 / 0
        would else become 0 as a divisor, or lose against 5 as the smaller of two.
        """
        for operation in self.operations:
            compute = _careful(operation.compute) if careful else operation.compute
            registers[operation.target] = compute(
                *[registers[source] for source in operation.sources]
            )
        return registers[self.result]


@lru_cache(maxsize=1024)
def program(root: Node) -> Program:
    """Return the operations of *root*, put together once."""
    return _Compiler(root).program()


class _Compiler:
    """Give each node of a tree a register, and each computed one an operation."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.register: dict[int, int] = {}
        self.operations: list[Operation] = []
        self.operands: list[tuple[int, str]] = []
        self.constants: list[tuple[int, float]] = []
        self.years: list[int] = []
        self.steps: list[tuple[str, int]] = []
        self.size = 0
        self.uses: dict[int, int] = {}
        for part in walk(root):
            for child in children(part):
                self.uses[id(child)] = self.uses.get(id(child), 0) + 1

    def program(self) -> Program:
        result = self.of(self.root)
        return Program(
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
            case Highest(body, _):
                return self.append(_highest_line, (self.of(body),), ())
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
        self.operations.append(Operation(compute, sources, target, spare))
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
    """Sum in order, line after line: a number, and the same number inside a column.

    numpy adds the rows of an unbroken table one by one; a single list it would add in pairs.
    """
    if np.ndim(terms) == 2 and terms.shape[1] >= _REGISTER and terms.flags.c_contiguous:
        return np.add.reduce(terms, axis=0)
    return np.add.accumulate(terms, axis=0)[-1]


def _highest_line(terms: Any) -> Any:
    return np.maximum.reduce(np.atleast_1d(terms), axis=0)


@dataclass(frozen=True)
class _YearSum:
    """Sum a body over whole years; rows of a column may run over different years."""

    program: Program
    lines: tuple[bool, ...]

    def __call__(self, first: Any, last: Any, *operands: Any, careful: bool = False) -> Any:
        begin = np.asarray(first, dtype=float)
        count = np.asarray(last, dtype=float) - begin + 1
        # A row without a year has no sum, and leaves the other rows alone.
        known = np.isfinite(count)
        count = np.where(known, count, 0)
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
        terms = np.where(inside, self.program.run(registers, careful=careful), 0.0)
        added = np.add.accumulate(terms, axis=0)[-1]
        return added if np.all(known) else np.where(known, added, np.nan)[()]


def _careful(compute: Any) -> Callable[..., Any]:
    """Return *compute* for a careful run."""
    if isinstance(compute, _YearSum):
        return lambda *operands: _finite(compute(*operands, careful=True))
    if compute is _sum_lines:
        return lambda terms: _finite(_sum_lines(terms))
    if compute is _highest_line:
        # A line that is not finite is NaN by now, and the largest of it and others is NaN too.
        return lambda terms: _finite(_highest_line(terms))
    if compute is _where:
        return _careful_where

    def computed(*operands: Any) -> Any:
        lost = np.isnan(operands[0])
        for operand in operands[1:]:
            lost = lost | np.isnan(operand)
        return np.where(lost, np.nan, _finite(compute(*operands)))[()]

    return computed


def _finite(value: Any) -> Any:
    return np.where(np.isfinite(value), value, np.nan)[()]


def _careful_where(condition: Any, then: Any, otherwise: Any) -> Any:
    """Choose where the condition is known, which is here 1, 0 or NaN."""
    chosen = np.where(condition == 1, then, otherwise)
    return np.where(np.isnan(condition), np.nan, chosen)[()]
