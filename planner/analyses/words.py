"""How an analysis names what it speaks of: titles, amounts and sentences of one result in the reader's language."""

from ..explain.amounts import amount, exactly
from ..i18n import Language, translator
from ..model.result import Result

TOLD = 5
"""Sites or clusters that the sentences of an analysis name; the table holds them all."""


class Words:
    """Words of one result in one language; `t` says a sentence."""

    def __init__(self, result: Result, language: Language) -> None:
        self._criteria, self._branches = result.criteria, result.about.branches
        self.language, self.t = language, translator(language)

    def title(self, criterion: str) -> str:
        """Title of a criterion; any other name as it is."""
        return str(self._criteria[criterion].title[self.language]) if criterion in self._criteria else criterion

    def unit(self, criterion: str) -> str:
        """Unit of a criterion as its stanza names it; nothing for any other name."""
        return str(self._criteria[criterion].unit) if criterion in self._criteria else ""

    def amount(self, criterion: str, value: float) -> str:
        """A number that was worked out, in the unit of a criterion."""
        return amount(value, self.unit(criterion), self.language)

    def exactly(self, criterion: str, value: float) -> str:
        """A number of the result, in the unit of a criterion, at the digits that it has there."""
        return exactly(value, self.unit(criterion), self.language)

    def branch(self, branch: str) -> str:
        """Title of a branch."""
        return str(self._branches[branch][self.language])
