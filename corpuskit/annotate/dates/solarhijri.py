"""The Solar Hijri calendar of Iran and Afghanistan: its days as days of the Gregorian calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

#: Years that web pages may mean: 1921 to 2120.
FIRST: Final = 1300
LAST: Final = 1499
_NEW_YEAR: Final = date(1921, 3, 21)  # of the year FIRST


def gregorian(year: int, month: int, day: int) -> date | None:
    """The Gregorian date; ``None`` for a day that the calendar does not have, or a year out of range."""
    if not (FIRST <= year <= LAST and 1 <= month <= 12 and 1 <= day <= _length(year, month)):
        return None
    before = sum(365 + _leap(earlier) for earlier in range(FIRST, year))
    return _NEW_YEAR + timedelta(before + sum(_length(year, earlier) for earlier in range(1, month)) + day - 1)


def _length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or _leap(year) else 29


def _leap(year: int) -> bool:
    """Eight leap years in 33: as observed from 1178 to 1633 (Borkowski 1996, "The Persian calendar for 3000 years")."""
    return (8 * year + 29) % 33 < 8
