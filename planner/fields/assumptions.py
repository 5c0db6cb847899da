"""The numbers of the fields model that no layer gives."""

from collections.abc import Mapping

from ..model.assumptions import Assumption, Assumptions, Range, with_own, written_in


def written() -> tuple[str, dict[str, Assumption]]:
    """Their date, and the assumptions as the product has them, by id."""
    return written_in(__name__.rpartition(".")[0])


def assumptions(over: Mapping[str, Range] | None = None) -> Assumptions:
    """The product's assumptions with what a user set; InvalidError for an id that is not one, or a range out of order."""
    return Assumptions(with_own(written()[1], over))
