"""A gate: a limit with its title and basis."""

from geodata.base import Text

from ..model.sourced import Sourced
from ..model.tables import Limit


class Gate(Limit, Sourced):
    """A limit that a scenario sets: what fails it certainly is excluded."""

    title: Text
