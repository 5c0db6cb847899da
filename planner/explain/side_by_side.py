"""A few sites beside each other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..i18n import Language, translator
from ..model.result import Result, known
from ..model.tables import row_of
from .amounts import shown


def side_by_side(result: Result, site_ids: Sequence[str], language: Language) -> pd.DataFrame:
    """Criteria by sites: values as they are shown, and each one's percentile among the candidates with a known value."""
    t = translator(language)
    columns: dict[str, list[str]] = {}
    for site in site_ids:
        row = row_of(result.table, site)
        columns[f"{row['name']} ({site})"] = [_cell(result, row, id_, language) for id_ in list(result.criteria)]
    titles = [c.title[language] for c in result.criteria.values()]
    return pd.DataFrame(columns, index=pd.Index(titles, name=t("Criterion")))


def percentile(result: Result, id_: str, value: float) -> float:
    """Share of the candidates with a known value that this one is at least as good as; NaN when unknown."""
    known = result.table[f"value_{id_}"].dropna().to_numpy()
    if np.isnan(value) or not len(known):
        return np.nan
    better = result.criteria[id_].direction == "more"
    return float((known <= value).mean() if better else (known >= value).mean())


def _cell(result: Result, row: pd.Series, id_: str, language: Language) -> str:
    criterion = result.criteria[id_]
    text = shown(known(row, id_), criterion.unit, language)
    share = percentile(result, id_, float(row[f"value_{id_}"]))
    if np.isnan(share):
        return text
    return translator(language)("{value} (as good as {share} of the candidates)", value=text, share=f"{share:.0%}")
