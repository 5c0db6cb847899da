"""What an answer rests on, as tables: assumptions in force and layers."""

from collections.abc import Sequence

import pandas as pd

from geodata.passport import LayerLock

from ..explain.dates import dated
from ..i18n import Language, translator
from ..model.assumptions import Assumptions, Range
from .power_words import ranged

_MANY = 10.0


def assumptions_table(assumed: Assumptions, language: Language) -> pd.DataFrame:
    """Every assumption in force with its range, basis and source."""
    t = translator(language)
    rows = assumed.table.values()
    return pd.DataFrame(
        {
            t("Assumption"): [row.title[language] for row in rows],
            t("Value"): [ranged(row.values, row.unit, t, _digits(row.values)) for row in rows],
            t("Basis"): [t(row.basis) for row in rows],
            t("From"): [t(row.source or "") for row in rows],
            t("Key"): [row.id for row in rows],
        }
    )


def _digits(values: Range) -> int:
    """Decimals that tell the three apart."""
    return 0 if all(float(value).is_integer() for value in values) else 1 if max(values) > _MANY else 3


def layers_table(locks: Sequence[LayerLock], language: Language) -> pd.DataFrame:
    """The layers behind an answer with date, status, inventory, licence and source."""
    t = translator(language)
    return pd.DataFrame(
        {
            t("Layer"): [lock.title[language] for lock in locks],
            t("Date"): [dated(lock.reference_date or "", language) for lock in locks],
            t("Status"): [t(lock.status or "unknown") for lock in locks],
            t("Inventory"): [t(lock.inventory or "unknown") for lock in locks],
            t("Licence"): [lock.licence or "" for lock in locks],
            t("Source"): [lock.attribution or "" for lock in locks],
        }
    )
