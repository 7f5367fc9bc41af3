"""The bank holidays of England, as dated reference data."""

from collections.abc import Container, Iterable
from datetime import date
from functools import lru_cache

import holidays


PROCLAIMED: tuple[date, ...] = ()
"""Days proclaimed as bank holidays that the library does not know yet: reference data, to be added to as they come."""


class _England:
    """Bank holidays in England under the Banking and Financial Dealings Act 1971, Christmas Day and Good Friday.

    One-off days that the library does not know yet can be added.
    """

    def __init__(self, one_off: Iterable[date] = ()) -> None:
        self._published = holidays.country_holidays("GB", subdiv="ENG")
        self._one_off = frozenset(one_off)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self._one_off or day in self._published)


@lru_cache(maxsize=8)
def bank_holidays(one_off: tuple[date, ...] = PROCLAIMED) -> Container[date]:
    """The bank holidays of England: `day in bank_holidays()`."""
    return _England(one_off)
