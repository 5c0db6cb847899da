"""The error of this package, said like every other in the reader's language."""

from geodata.errors import GeodataError


class PlannerError(GeodataError):
    """Something the user supplied cannot be used; the message is one sentence that says what to do."""
