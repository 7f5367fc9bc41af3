"""What one case can raise when its record, or a rule that does not fit it, is at fault."""

from sqlalchemy.exc import IntegrityError

FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, IntegrityError)
"""To be caught where one case must not hold up the others, and always reported by its reference. Whatever else is raised is a
fault of the database or of the machine: everybody's, and it ends the work, which the next round finishes."""


def words(fault: Exception) -> str:
    """The fault in a line, for whoever is to mend it."""
    return f"{type(fault).__name__}: {fault}"
