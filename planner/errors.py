"""Root of the errors of this package."""


class PlannerError(Exception):
    """Something the user supplied cannot be used; the message is one sentence that says what to do."""
