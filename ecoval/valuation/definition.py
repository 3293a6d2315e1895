"""A method: its card and its function, bound to each other when the module is imported."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from .. import money
from ..content import parse_toml
from ..errors import ContentError, EcovalError, InputError
from ..formula.dimension import unit_of
from ..formula.evaluate import evaluate
from ..formula.trace import Formula, trace
from ..reading import check
from ..rules.cards import Card, Lookup, Range, Term, bound_unit, card, check_sources
from ..rules.jurisdictions import NATION, Place, as_place
from ..rules.tables import table
from ..units import Unit, factor, same_kind, unit
from ..version import VERSION
from .binding import bind
from .description import docstring
from .fingerprint import fingerprint
from .gathering import Gathering
from .item import Item, StepValue, plain_data
from .signature import signature
from .soundness import soundness

if TYPE_CHECKING:
    from .columns import Column


class _Document:
    """What ``help()`` and ``?`` print: of a method its card, put together when it is asked for.

    A method may take the terms of another that is not imported yet when the first one is made.
    """

    def __init__(self, own: str | None) -> None:
        self.own = own

    def __get__(self, instance: Method | None, owner: type[Method]) -> str | None:
        if instance is None:
            return self.own
        opening = inspect.getdoc(instance.function) or instance.card.summary
        return docstring(instance, opening)


class Method:
    """A way of valuing: call it with its terms, the day and the place, and get an `Item`.

    >>> from ecoval import water
    >>> item = water.virtual_treatment(
    ...     discharge="500 t", unit_cost="8.3 元/t", hazard=1.5, exceedance=1.25, function=2,
    ...     on="2024-06-01", jurisdiction="330700",
    ... )
    >>> print(item.amount)
    15562.50
    """

    __doc__ = _Document(__doc__)

    def __init__(self, card: Card, function: Callable[..., Any]) -> None:
        self.card = card
        self.function = function
        self.__name__ = function.__name__
        self.__module__ = function.__module__ or "__main__"
        self.__qualname__ = function.__qualname__
        self._check_names()
        self.formula = self._trace()
        self._check_steps()
        self._check_units()
        self._check_tables()

    @property
    def id(self) -> str:
        """The card's id."""
        return self.card.id

    @cached_property
    def __signature__(self) -> inspect.Signature:
        """What it is called with: the terms, and those of the methods that may compute them."""
        return signature(self.card)

    @property
    def family(self) -> str:
        """The module that the function is written in: ``water``."""
        return self.__module__.rpartition(".")[2]

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits over the card and the printed formula."""
        from .printing import as_written

        content = self.card.model_dump(mode="json", by_alias=True)
        return fingerprint({"card": content, "formula": as_written(self)})

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by id, so that a worker process can return items."""
        from .registry import method as find

        return find, (self.id,)

    def __repr__(self) -> str:
        return f"<method {self.id} {self.card.title}>"

    def __call__(
        self,
        *,
        on: date | str | None = None,
        jurisdiction: str | Place = NATION,
        overrule: Mapping[str, str] | None = None,
        rounding: money.Rounding | None = None,
        title: str = "",
        **terms: Any,
    ) -> Item:
        """Value one loss; see `value`."""
        return self.value(
            terms,
            on=on,
            place=jurisdiction,
            overrule=overrule,
            rounding=rounding,
            title=title,
        )

    def value(
        self,
        terms: Mapping[str, Any],
        *,
        on: date | str | None = None,
        place: str | Place = NATION,
        overrule: Mapping[str, str] | None = None,
        rounding: money.Rounding | None = None,
        title: str = "",
    ) -> Item:
        """Return the item for *terms* by name: text with unit, quantity, number, or `Given`.

        *on* is the day whose standard and parameters apply, *overrule* maps a term (or ``dates``, ``jurisdiction``)
        to the expert's reason for going outside the standard.

        Raises
        ------
        InputError, UnitError, OutOfScope, ParameterNotFound
            As `ecoval.valuation.binding.bind` says; InputError also where the result is not a
            finite number.
        """
        day = self._day(on)
        gathering = bind(
            self.card, terms, on=day, at=as_place(place), overrule=dict(overrule or {})
        )
        exact, steps = self._evaluate(gathering)
        card_rounding = money.Rounding(self.card.rounding_to, self.card.rounding_rule)
        return Item(
            method=self,
            on=day,
            place=gathering.place,
            inputs=tuple(
                gathering.values[term.name]
                for term in (*self.card.terms, *self.card.settings)
                if term.name in gathering.values
            ),
            given={name: plain_data(given) for name, given in terms.items()},
            steps=steps,
            exact=exact,
            unit=self._bound(self.card.result.unit, gathering),
            rounding=rounding or card_rounding,
            title=title,
            parts=tuple(gathering.parts),
            computed=gathering.computed,
            parameters=tuple(gathering.parameters),
            rows=tuple(gathering.rows),
            lines=tuple(gathering.lines),
            choices=gathering.choices,
            chosen=gathering.chosen,
            overrule=gathering.overruled,
            findings=soundness(self.card, gathering, exact),
            version=VERSION,
        )

    def column(
        self,
        *,
        on: date | str | None = None,
        jurisdiction: str | Place = NATION,
        overrule: Mapping[str, str] | None = None,
        **terms: Any,
    ) -> Column:
        """Value a column of losses at once; see `ecoval.valuation.columns.value_column`."""
        from .columns import value_column

        return value_column(self, terms, on=self._day(on), place=jurisdiction, overrule=overrule)

    def _day(self, on: date | str | None) -> date:
        if on is None:
            raise InputError(
                "缺少损害发生之日",
                where=f"{self.id}：on",
                hint='标准与规则按这一天选定，例如 on="2024-06-01"。',
            )
        return as_day(on)

    def edition(self, of: str, *, module: str, name: str = "", doc: str = "") -> Method:
        """Bind this formula to the card *of* another edition, as the method *name* of *module*.

        Raises
        ------
        ContentError
            Card and formula disagree, as `method` says.
        """
        own = self.function
        function = FunctionType(own.__code__, own.__globals__, name or own.__name__)
        function.__module__, function.__doc__ = module, doc or own.__doc__
        return method(of)(function)

    def _evaluate(self, gathering: Gathering) -> tuple[float, tuple[StepValue, ...]]:
        import numpy as np

        values = {
            name: np.array(used.values) if used.term.lines else used.values[0]
            for name, used in gathering.values.items()
            if name in self.formula.operands
        }
        result, by_name = evaluate(self.formula.root, values)
        exact = float(result)
        if not np.isfinite([exact, *(float(value) for value in by_name.values())]).all():
            raise InputError(
                "结果不是有限的数", where=self.id, hint="请检查是否除以零，或数值过大。"
            )
        steps = tuple(
            StepValue(
                step.name,
                step.symbol,
                step.title,
                float(by_name[step.name]),
                self._bound(step.unit, gathering),
            )
            for step in self.card.steps
        )
        return exact, steps

    @staticmethod
    def _bound(text: str, gathering: Gathering) -> str:
        """Return the unit *text* with ``[unit]`` as the unit that was given."""
        return bound_unit(text, gathering.bound[0] if gathering.bound else "")

    def _check_names(self) -> None:
        written = list(inspect.signature(self.function).parameters)
        carded = [term.name for term in self.card.terms]
        if written != carded:
            raise ContentError(
                f"函数 {self.__name__} 的参数 {written} 与卡片 {carded} 不一致（名称或次序）",
                where=self.id,
            )

    def _trace(self) -> Formula:
        lines = self.card.lines.name if self.card.lines else ""
        terms = {term.name: lines if term.lines else "" for term in self.card.terms}
        try:
            return trace(self.function, terms)
        except TypeError as error:
            raise ContentError(f"公式有误：{error}", where=self.id) from error

    def _check_steps(self) -> None:
        written = {step.name for step in self.formula.steps}
        carded = {step.name for step in self.card.steps}
        if written != carded:
            raise ContentError(
                f"函数的步骤 {sorted(written)} 与卡片 {sorted(carded)} 不一致", where=self.id
            )
        unused = [term.name for term in self.card.terms if term.name not in self.formula.operands]
        if unused:
            raise ContentError(f"公式没有用到 {'、'.join(unused)}", where=self.id)

    def _check_units(self) -> None:
        """Prove, for each parallel choice of units, that the formula yields the card's unit."""
        for index in range(self.card.alternatives):
            units = {
                term.name: _operand_unit(term.unit[index if len(term.unit) > 1 else 0])
                for term in self.card.terms
            }
            try:
                found, steps = unit_of(self.formula.root, units)
            except EcovalError as error:
                raise ContentError(f"公式单位有误：{error}", where=self.id) from None
            self._same_unit(self.card.result.title, found, self.card.result.unit)
            for step in self.card.steps:
                self._same_unit(step.title, steps[step.name], step.unit)

    def _check_tables(self) -> None:
        """Make sure that each table has the columns and the keys that the card uses."""
        for term in self.card.terms:
            for rule, columns in _table_uses(term):
                heading = table(rule.table).heading
                for column in columns:
                    if column not in heading.columns:
                        raise ContentError(f"表 {rule.table} 没有列 {column}", where=self.id)
                wanted = {*heading.classes, *(("band",) if heading.band else ())}
                if set(rule.keys) != wanted:
                    raise ContentError(
                        f"表 {rule.table} 按 {'、'.join(sorted(wanted))} 查，卡片写"
                        f" {'、'.join(sorted(rule.keys))}",
                        where=f"{self.id} {term.name}",
                    )

    def _same_unit(self, title: str, found: Unit, carded: str) -> None:
        wanted = _operand_unit(carded)
        if not same_kind(found, wanted) or factor(found, wanted) != 1.0:
            raise ContentError(
                f"{title}按公式为 {found}，卡片写 {carded or '无量纲'}", where=self.id
            )


def _table_uses(term: Term) -> list[tuple[Lookup | Range, list[str]]]:
    """Return what of *term* is read off a table, with the columns it uses."""
    uses: list[tuple[Lookup | Range, list[str]]] = []
    if term.lookup is not None:
        uses.append((term.lookup, [term.lookup.column]))
    if term.range is not None and term.range.table:
        columns = (term.range.low_column, term.range.high_column, term.range.above_column)
        uses.append((term.range, [column for column in columns if column]))
    return uses


def _operand_unit(text: str) -> Unit:
    """Return the unit in which a term enters the formula: a percentage enters as a share."""
    bound = bound_unit(text, "")
    return unit("" if bound == "%" else bound)


def as_day(on: date | str) -> date:
    """Return *on* as a date.

    Raises
    ------
    InputError
        It is not a date.
    """
    if isinstance(on, datetime):
        return on.date()
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(on)
    except (TypeError, ValueError):
        raise InputError("应为日期", where="on", got=on, hint="例如 2024-06-01。") from None


def method(of: str | Mapping[str, Any]) -> Callable[[Callable[..., Any]], Method]:
    """Bind a function to the card *of*: an id in ``methods``, TOML text, or a dictionary.

    The function's parameters are the card's terms, by name and in order; its body is arithmetic
    and the operations of `ecoval.formula`. What does not agree fails here, when the module (or the
    notebook's cell) is run.

    Raises
    ------
    ContentError
        There is no such card, it is faulty, or card and function disagree in names, order, steps
        or units.
    """

    def bound(function: Callable[..., Any]) -> Method:
        from .registry import register, reserve

        reserve(function.__module__ or "__main__")
        made = Method(_card(of, function), function)
        register(made)
        return made

    return bound


def _card(of: str | Mapping[str, Any], function: Callable[..., Any]) -> Card:
    if isinstance(of, str) and "\n" not in of:
        return card(of)
    where = f"{Path(inspect.getfile(function)).name} {function.__name__}"
    text = of if isinstance(of, str) else ""
    data = parse_toml(text, where=where) if text else of
    made = check(dict(data), Card, where=where, text=text, fault=ContentError)  # type: ignore[arg-type]
    check_sources(made, where=where)
    return made
