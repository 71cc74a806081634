"""Values as they stand in a file of TOML that a person reads: nothing in it is unseen."""

from __future__ import annotations

from corpuskit.display import escaped

#: What a file of corpuskit's own holds.
Value = str | bool | int | float | tuple["Value", ...]


def toml(value: Value) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        return f'"{quotable(value)}"'
    return str(value).lower() if isinstance(value, bool) else repr(value)


def quotable(text: str) -> str:
    """Text as it may stand in a string or a comment."""
    return "".join(f"\\{c}" if c in '"\\' else c if c.isprintable() else escaped(c) for c in text)
