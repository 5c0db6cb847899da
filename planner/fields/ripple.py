"""What an investment sets going in an area and in the rest of Japan: an input-output model of two regions, every round to be seen."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from ..errors import PlannerError
from ..model.assumptions import Assumptions, Range, three

AREA, REST = "area", "rest"
ACCOUNTS = ("output", "value_added", "employees", "final_demand")
_ROUNDS = 60


@dataclass(frozen=True)
class Economy:
    """
    Technical coefficients of two regions, area first.

    `coefficients` has shape (2 s, 2 s): what column takes of row per unit of its output; `value_added` and `employees` per unit of
    output, shape (2 s,), NaN where the table does not tell it.
    """

    sectors: tuple[str, ...]
    coefficients: FloatArray
    value_added: FloatArray
    employees: FloatArray


@dataclass(frozen=True)
class Ripple:
    """Output by region and sector in each round, the demand itself first, shape (r, 2 s), and the whole, shape (2 s,)."""

    economy: Economy
    rounds: FloatArray
    output: FloatArray

    def within(self, region: str, per_output: FloatArray | None = None) -> float:
        """Whole output of a region, or what comes with it (value added, employees); NaN where the table does not tell that."""
        n = len(self.economy.sectors)
        part = slice(0, n) if region == AREA else slice(n, 2 * n)
        weighed = self.output if per_output is None else _times(self.output, per_output)
        return float(weighed[part].sum())


def economy_of(table: pd.DataFrame) -> Economy:
    """
    Coefficients from a table in long form: from_region, from_sector, to_region, to_sector, value.

    Transactions are divided by the `output` of the column. PlannerError names what is missing: two regions, or the output of a column
    that takes something. Regions are taken in the order they come in; the first is the area.
    """
    regions = [str(name) for name in dict.fromkeys([*table["from_region"], *table["to_region"]]) if str(name)]
    if len(regions) != len((AREA, REST)):
        raise PlannerError(
            "input_output: expected two regions (area and rest), found {found}. Name both in from_region and to_region.",
            found=", ".join(regions) or "none",
        )
    inner = ~table["from_sector"].isin(ACCOUNTS) & ~table["to_sector"].isin(ACCOUNTS)
    sectors = tuple(dict.fromkeys([*table.loc[inner, "from_sector"], *table.loc[inner, "to_sector"]]))
    index = pd.MultiIndex.from_product([regions, sectors])
    flows = table[inner].pivot_table(
        index=["from_region", "from_sector"], columns=["to_region", "to_sector"], values="value", aggfunc="sum"
    )
    matrix = flows.reindex(index=index, columns=index).fillna(0.0).to_numpy(float)
    output = _account(table, "output", index)
    takes = matrix.sum(axis=0) > 0
    lacking = takes & ~(output > 0)
    if lacking.any():
        region, sector = index[int(np.flatnonzero(lacking)[0])]
        raise PlannerError(
            "input_output: the output of {region} {sector} is missing. Add a row or column `output` for each sector.",
            region=region,
            sector=sector,
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficients = np.where(output > 0, matrix / output, 0.0)
        value_added, employees = (
            _account(table, "value_added", index) / output,
            _account(table, "employees", index) / output,
        )
    return Economy(sectors, coefficients, value_added, employees)


def indicative(assumed: Assumptions, which: int) -> Economy:
    """
    One sector per region from three assumed shares (0 = low, 1 = middle, 2 = high): no table, so a range and no forecast.

    `intermediate_share` of output is bought from others; `local_share` of that inside the area, `imported_share` of it from abroad, the
    remainder in the rest of Japan, which buys from the area the share `back_share`.
    """
    bought, local, back = (assumed[name][which] for name in ("intermediate_share", "local_share", "back_share"))
    abroad = assumed["imported_share"][2 - which]
    coefficients = bought * np.array([[local, back], [max(1 - local - abroad, 0.0), max(1 - back - abroad, 0.0)]])
    return Economy(("all",), coefficients, np.full(2, 1.0 - bought), np.full(2, np.nan))


def ripple(economy: Economy, demand: FloatArray) -> Ripple:
    """
    Output that a final demand sets going, round by round and in all.

    Parameters
    ----------
    economy
        Two regions.
    demand
        Final demand by region and sector, shape (2 s,).

    Returns
    -------
    ripple
        Round k is the coefficients to the power k on the demand; the whole solves (I - A) x = demand. PlannerError when the table
        takes more than it makes, so that the rounds do not die out.
    """
    a = economy.coefficients
    if len(a) and float(np.abs(np.linalg.eigvals(a)).max()) >= 1.0:
        raise PlannerError(
            "input_output: the sectors take more than they make, so the rounds do not end. Check output and flows."
        )
    rounds = [np.asarray(demand, float)]
    while len(rounds) < _ROUNDS and rounds[-1].sum() > 1e-6 * rounds[0].sum():
        rounds.append(a @ rounds[-1])
    whole = np.linalg.solve(np.eye(len(a)) - a, rounds[0])
    return Ripple(economy, np.vstack(rounds), whole)


def demand_of(economy: Economy, amounts: dict[str, float], region: str = AREA) -> FloatArray:
    """Final demand by region and sector from amounts by sector in one region; PlannerError lists the sectors."""
    n = len(economy.sectors)
    out = np.zeros(2 * n)
    for sector, amount in amounts.items():
        if sector not in economy.sectors:
            raise PlannerError(
                "sector {sector!r}: expected one of {known}.", sector=sector, known=", ".join(economy.sectors)
            )
        out[economy.sectors.index(sector) + (0 if region == AREA else n)] = amount
    return out


def indicative_range(assumed: Assumptions, amount: float) -> dict[str, Range]:
    """Low, middle and high of the output in the area and in the rest of Japan for one amount spent in the area, from assumed shares."""
    found = [ripple(indicative(assumed, k), np.array([amount, 0.0])) for k in range(3)]
    return {region: three(sorted(r.within(region) for r in found)) for region in (AREA, REST)}


def _account(table: pd.DataFrame, name: str, index: pd.MultiIndex) -> FloatArray:
    """Numbers of an account by region and sector, written as a row or as a column; NaN where there is none."""
    as_row = table[table["from_sector"].eq(name) & ~table["to_sector"].isin(ACCOUNTS)]
    as_column = table[table["to_sector"].eq(name) & ~table["from_sector"].isin(ACCOUNTS)]
    rows = as_row.groupby(["to_region", "to_sector"])["value"].sum()
    columns = as_column.groupby(["from_region", "from_sector"])["value"].sum()
    return rows.reindex(index).fillna(columns.reindex(index)).to_numpy(float)


def _times(output: FloatArray, per_output: FloatArray) -> FloatArray:
    """What comes with an output; nothing comes with none, even where the ratio is unknown."""
    return np.where(output == 0, 0.0, output * per_output)
