"""The day of publication of a page: what the page states, its address, and what it shows.

Mechanisms and their precision are measured on 512 labelled pages, in both halves of their sites.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from corpuskit.annotate.dates import parse_iso
from corpuskit.annotate.dates.urldates import address_date
from corpuskit.page.datelines import shown_date, shown_days
from corpuskit.page.surroundings import Surroundings

#: An address names the day where the page was made, a time stamp often the one in Greenwich.
A_DAY: Final = datetime.timedelta(days=1)

_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:[.,]\d+)? ?(Z|[+-]\d\d:?\d\d)?")
_CLOCK: Final = re.compile(r"(?<![\d:.])\d{1,2}[:.h](\d\d)(?!\d)")

#: A date and where the page tells it.
Dated = tuple[datetime.date, str]


class Clues(NamedTuple):
    """What a page tells about its date: pairs of value and place, the best first; its time elements; its address."""

    stated: Iterable[tuple[str, str]]
    times: Iterable[str]
    address: str
    around: Callable[[], Surroundings]
    day_first: bool


def page_date(page: Clues) -> Dated | None:
    """The day as the page states it, else as its address names it, else as its dateline says."""
    stated, named = _stated(page), address_date(page.address)
    if named and (stated is None or abs(named - stated[0]) == A_DAY):
        return named, "address"
    return stated or _shown(page) or _only_time(page)


def _stated(page: Clues) -> Dated | None:
    """The first date that the page states; its day in the zone of the site where the page tells that too."""
    told = iter(page.stated)
    for value, where in told:
        if day := parse_iso(value):
            others = chain((other for other, _ in told), page.times)
            return _local_day(value, others, page) or day, where
    return None


def _shown(page: Clues) -> Dated | None:
    shown = shown_date(page.around(), day_first=page.day_first)
    return (shown.date, "dateline (updated)" if "updated" in shown.flags else "dateline") if shown else None


def _only_time(page: Clues) -> Dated | None:
    """The one day that all time elements of the page name."""
    days = {day for value in page.times if (day := parse_iso(value))}
    return (days.pop(), "time element") if len(days) == 1 else None


def _local_day(stamp: str, others: Iterable[str], page: Clues) -> datetime.date | None:
    """The day on which readers saw a page appear that is stamped in Greenwich; ``None`` where nothing tells of it.

    Right on 5 of 6 pages where it is another day than that of the stamp, and the sixth shows that day as well.
    """
    moment = _moment(stamp)
    if moment is None or moment.utcoffset():
        return None
    return _in_another_zone(moment, others) or next(_beside_a_clock(moment, page), None)


def _in_another_zone(moment: datetime.datetime, others: Iterable[str]) -> datetime.date | None:
    """The day of the same moment where another stamp tells it in the time of another place."""
    told = (_moment(other) for other in others if moment.tzinfo)
    return next((other.date() for other in told if other == moment and other.utcoffset()), None)


def _beside_a_clock(moment: datetime.datetime, page: Clues) -> Iterator[datetime.date]:
    """Datelines that show the day before or after, and a clock with the same minutes."""
    minute = f"{moment.minute:02}"
    for day, line in shown_days(page.around(), minute, day_first=page.day_first):
        if abs(day - moment.date()) == A_DAY and minute in _CLOCK.findall(line):
            yield day


def _moment(stamp: str) -> datetime.datetime | None:
    match = _STAMP.fullmatch(stamp.strip())
    if match is None:
        return None
    try:
        return datetime.datetime.fromisoformat("".join(filter(None, (f"{match[1]}T{match[2]}", match[3], match[4]))))
    except ValueError:
        return None
