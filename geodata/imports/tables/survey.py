"""電力調査統計: largest output by technology of the whole country, from a table by prefecture."""

import pandas as pd

from ...base import Text
from ...country.codes import prefectures
from ...errors import FormatError, phrase
from ...files.opening import Member
from ...layer import FieldSpec
from ..report import Report
from .columns import columns_of
from .reading import read_table

_KW_PER_MW = 1_000.0


def survey(members: list[Member], report: Report) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    """
    National totals by technology, MW: sums over the 47 prefectures, each of which must be there; a technology without a column stays out.

    Hydro holds pumped storage, as the publisher's column does: as a bound it is too wide, never too narrow.
    """
    table = read_table(members, columns_of("survey"), report)
    named = table["name"].str.strip()
    missing = sorted(set(prefectures()["name"]) - set(named))
    if missing:
        raise FormatError(
            report.file,
            expected="one row of each of the 47 prefectures",
            found=phrase("none of {known}", known=", ".join(missing[:5])),
            remedy="Choose the table of all prefectures.",
        )
    rows = table[named.isin(prefectures()["name"])]
    outputs = [str(name) for name in rows.columns if str(name).endswith("_kw")]
    sums = {name.removesuffix("_kw"): rows[name].sum(min_count=len(rows)) for name in outputs}
    frame = pd.DataFrame({"technology": list(sums), "total_mw": [kw / _KW_PER_MW for kw in sums.values()]}).dropna()
    fields = {
        "technology": FieldSpec(dtype="string", title=Text(ja="技術", en="Technology")),
        "total_mw": FieldSpec(
            dtype="float", unit="MW", title=Text(ja="全国の最大出力", en="Largest output of the country")
        ),
    }
    return frame, fields
