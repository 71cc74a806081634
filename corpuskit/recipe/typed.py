"""Plain values, of TOML or JSON, as frozen dataclasses: strictly, and with messages that name the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar, get_args, get_type_hints

from corpuskit.errors import RecipeError

Made = TypeVar("Made")
#: Metadata of a field that is a tuple of text: one text by itself, the common case, stands for a list of one.
ONE_WILL_DO: Final = {"one will do": True}


def typed(kind: type[Made], values: Mapping[str, Any], where: str) -> Made:
    """A dataclass of plain values, nested as they are; unknown keys and wrong types are refused.

    Fields are text, numbers, truths, tables (dataclasses), tuples of text and tuples of tables.
    """
    hints = get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    made: dict[str, Any] = {}
    for key, value in values.items():
        check(key in known, f"{where}: unknown key {key!r} (known: {', '.join(sorted(known))})")
        if known[key].metadata == ONE_WILL_DO and isinstance(value, str):
            value = [value]
        made[key] = _value(hints[key], value, f"{where}: {key}")
    return kind(**made)


def _value(hint: Any, value: Any, where: str) -> Any:
    if hasattr(hint, "__dataclass_fields__"):
        check(isinstance(value, Mapping), f"{where} must be a table")
        return typed(hint, value, where)
    if hint in (str, bool, int):
        check(type(value) is hint, f"{where} must be {hint.__name__}, not {type(value).__name__}")
        check(hint is not str or "\0" not in value, f"{where} holds a NUL character")
        return value
    if hint is float:
        check(type(value) in (int, float), f"{where} must be a number")
        return float(value)
    if hasattr(get_args(hint)[0], "__dataclass_fields__"):
        check(_are_tables(value), f"{where} must be tables")
        return tuple(typed(get_args(hint)[0], table, f"{where} {i}") for i, table in enumerate(value, 1))
    check(isinstance(value, list | tuple) and all(isinstance(v, str) for v in value), f"{where} must be strings")
    return tuple(value)


def _are_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(table, Mapping) for table in value)


def check(fine: object, message: str) -> None:
    """Raise :class:`RecipeError` with this message unless all is fine."""
    if not fine:
        raise RecipeError(message)
