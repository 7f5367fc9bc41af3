"""How old somebody is, and what the law makes of it: under 25 for a request, of compulsory school age, a young person."""

from datetime import date, timedelta

from models.facts import BadFact
from models.law.dates import long


def age_on(born: date, day: date) -> int:
    """Age in full years on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_age(born: date, received: date) -> None:
    """Raise BadFact unless the person is under 25 on the day of the request (s.83(2))."""
    if born > received:
        raise BadFact(f"The birth date {born.isoformat()} is after the request of {received.isoformat()}.")
    if age_on(born, received) >= 25:
        raise BadFact(f"The person is {age_on(born, received)} on {long(received)}; an assessment is for persons under 25"
                      " (s.83(2)). There is no duty to consider the request.")


def compulsory_school_age_ends(born: date) -> date:
    """The last Friday in June of the school year in which the child turns 16; from the next day a young person.

    >>> compulsory_school_age_ends(date(2010, 9, 1))
    datetime.date(2027, 6, 25)
    """
    year = born.year + 16 + ((born.month, born.day) >= (9, 1))
    day = date(year, 6, 30)
    return day - timedelta(days=(day.weekday() - 4) % 7)
