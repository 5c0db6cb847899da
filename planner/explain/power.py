"""How far the years to power of a ranking rest on anything measured."""

from ..i18n import Language, translator
from ..model.result import VALUE, Result, column
from ..model.tables import RANKED

_YEARS, _ROOM = column(VALUE, "power_years"), column(VALUE, "demand_room_mw")


def assumed_power(result: Result, language: Language) -> tuple[str, ...]:
    """For how many ranked sites no room for demand is known where they would connect; nothing where years are not measured."""
    if _YEARS not in result.table:
        return ()
    ranked = result.table[result.table["status"].eq(RANKED)]
    known = ranked[_ROOM].notna() if _ROOM in ranked else ranked[_YEARS].isna() & False
    assumed, t = int((ranked[_YEARS].notna() & ~known).sum()), translator(language)
    return (
        t(
            "Years to power rest on assumptions alone at {n} of {all} ranked sites ({share}): no room for demand is known there.",
            n=f"{assumed:,}",
            all=f"{len(ranked):,}",
            share=f"{assumed / max(len(ranked), 1):.0%}",
        ),
    )
