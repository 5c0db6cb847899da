"""A gate: a limit with its title and basis."""

from typing import Self

from geodata.base import Text

from ..measure.criterion import Criterion, quantity_text
from ..model.sourced import Sourced
from ..model.tables import Limit


class Gate(Limit, Sourced):
    """A limit that a scenario sets: what fails it certainly is excluded. `title` may hold {limit} and {reach}."""

    title: Text

    def said(self, criterion: Criterion) -> Self:
        """The gate with its own limit and the reach of its criterion in its title."""
        limit = quantity_text(self.limit, criterion.unit)
        return self.model_copy(update={"title": self.title.filled(limit=limit, reach=criterion.reach())})
