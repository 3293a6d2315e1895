"""Call a method's function with symbols once, and keep the formula that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .tree import Comparison, Node, Operand, Step, Sum, indices, walk


@dataclass(frozen=True)
class Formula:
    """A traced formula: its tree, and its named steps in the order they are computed."""

    root: Node
    steps: tuple[Step, ...]

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The names of the terms used, each once, in the order they are met."""
        return tuple(
            dict.fromkeys(part.name for part in walk(self.root) if isinstance(part, Operand))
        )

    @cached_property
    def has_lines(self) -> bool:
        """Whether a term has a value for each line of a list."""
        return any(isinstance(part, Operand) and part.line for part in walk(self.root))

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """The sums of the formula."""
        return tuple(part for part in walk(self.root) if isinstance(part, Sum))


def trace(function: Callable[..., Any], terms: Mapping[str, str]) -> Formula:
    """Return the formula of *function*, called with one symbol for each of *terms*.

    *terms* maps each name to the name of its lines, empty for a term of one value.

    Raises
    ------
    TypeError
        The function does not return a formula, leaves an index open, or names a step twice.
    """
    root = function(**{name: Operand(name, line) for name, line in terms.items()})
    if not isinstance(root, Node) or isinstance(root, Comparison):
        raise TypeError(f"{function.__name__} returns {type(root).__name__}, not a formula")
    if indices(root):
        raise TypeError(f"{function.__name__} leaves an index open: write total(...) around it")
    steps = tuple(part for part in walk(root) if isinstance(part, Step))
    names = [step.name for step in steps]
    if len(set(names)) < len(names):
        raise TypeError(f"{function.__name__} names a step twice: {', '.join(sorted(names))}")
    for step in steps:
        if indices(step.definition):
            raise TypeError(f"step {step.name} leaves an index open: name the total instead")
    return Formula(root, steps)
