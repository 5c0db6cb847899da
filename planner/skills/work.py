"""What an investment asks of people: workers by occupation and education, while it is built and in operation, by year."""

from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from geodata.base import FloatArray, Strict, Text
from geodata.errors import InvalidError

from ..errors import PlannerError
from ..model.assumptions import Assumptions, Range, three
from .assumptions import assumptions
from .industries import (
    EDUCATIONS,
    OCCUPATIONS,
    UNIT_NAMES,
    UNITS,
    Coefficient,
    Education,
    Industry,
    Mix,
    Occupation,
    Unit,
    building_of,
    coefficient,
    industry_of,
    mixes,
    size_in,
    units_of,
)

Persons = Annotated[float, Field(ge=0, le=1_000_000)]

_DONE_YEARS = 3


class Work(Strict):
    """An investment, where its people may come from, and what is done about it."""

    industry: str = Field(
        "semiconductor-fab", description="See `planner skills --help`; a profile's id stands for its industry"
    )
    size: Annotated[float, Field(gt=0, le=1e9)] = 1700.0
    unit: Unit = Field(
        "jobs", description="jobs, MW, GWh a year, wafers a month, m2 of floor, ha of site, oku (100m yen)"
    )
    minutes: Annotated[float, Field(ge=10, le=55, description="Longest way to work by car, minutes")] = 45.0
    year: Annotated[int, Field(ge=2020, le=2050)] = Field(
        2020, description="Year of the people: the census of 2020, or the projection until 2050"
    )
    seats: dict[Education, Persons] = Field(
        default_factory=dict, description="Seats a year opened for this work, by level of education"
    )
    transfers: dict[Occupation, Persons] = Field(
        default_factory=dict, description="People retrained or moved in, by occupation"
    )
    foreign: dict[Occupation, Persons] = Field(
        default_factory=dict, description="Workers from abroad, by occupation: the user's number"
    )
    remote: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0, description="Share of professional and clerical work done from elsewhere"
    )
    assume: dict[str, Range] = Field(
        default_factory=dict, description="Assumptions set otherwise, as in planner/skills/assumptions.toml"
    )

    @field_validator("industry")
    @classmethod
    def _known(cls, id_: str) -> str:
        try:
            return industry_of(id_).id
        except PlannerError as error:
            raise InvalidError("industry {id!r}: not one of the table", id=id_) from error

    @field_validator("assume")
    @classmethod
    def _of_the_table(cls, over: dict[str, Range]) -> dict[str, Range]:
        assumptions(over)
        return over

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        known = units_of(self.kind, self.assumed)
        if self.unit not in known:
            raise InvalidError(
                "{industry}: no project tells workers per {unit}; known are {known}",
                industry=self.industry,
                unit=self.unit,
                known=", ".join(known),
            )
        return self

    @property
    def kind(self) -> Industry:
        """The industry."""
        return industry_of(self.industry)

    @property
    def assumed(self) -> Assumptions:
        """The assumptions in force."""
        return assumptions(self.assume)

    @classmethod
    def usual(cls, industry: str) -> Self:
        """An investment of the usual size of an industry."""
        kind = industry_of(industry)
        return cls(industry=kind.id, size=kind.default.size, unit=kind.default.unit)


@dataclass(frozen=True)
class Need:
    """
    Workers that an investment asks for: low, middle, high.

    `by_occupation` (3, k) in the order of OCCUPATIONS and `by_education` (3, e) in that of EDUCATIONS are of operation, `local` is
    what of the occupations must live within reach, `builders` (3, k) are at the peak of building.
    """

    jobs: Range
    rate: Coefficient
    by_occupation: FloatArray
    by_education: FloatArray
    local: FloatArray
    building: Range
    building_rate: Coefficient
    builders: FloatArray


def need_of(work: Work, own: pd.DataFrame | None = None) -> Need:
    """The workers of an investment; `own` are projects of the user's own that rates rest on besides ours."""
    assumed, kind = work.assumed, work.kind
    rate = coefficient(kind, work.unit, assumed, own)
    if rate is None:
        raise PlannerError(
            "{industry}: no project tells workers per {unit}. Give the size in one of {known}.",
            industry=kind.id,
            unit=work.unit,
            known=", ".join(units_of(kind, assumed, own)),
        )
    mix, jobs = mixes()[kind.mix], three(work.size * each for each in rate.values)
    by_occupation, by_education = _split(jobs, mix, assumed)
    remote = np.array([work.remote if name in {"professional", "clerical"} else 0.0 for name in OCCUPATIONS])
    per_job = building_of(kind)
    builders = three(a * b for a, b in zip(jobs, per_job.values, strict=True))
    return Need(
        jobs=jobs,
        rate=rate,
        by_occupation=by_occupation,
        by_education=by_education,
        local=by_occupation * (1 - remote),
        building=builders,
        building_rate=per_job,
        builders=_split(builders, mixes()["building"], assumed)[0],
    )


def _split(jobs: Range, mix: Mix, assumed: Assumptions) -> tuple[FloatArray, FloatArray]:
    """Workers by occupation and by education, (3, k) and (3, e); no share passes the whole."""
    factor, total = np.array(assumed["mix_factor"])[:, None], np.array(jobs)[:, None]
    occupation = np.array([mix.occupation.get(name, 0.0) for name in OCCUPATIONS])
    education = np.array([mix.education.get(name, 0.0) for name in EDUCATIONS])
    return total * np.minimum(occupation * factor, 1.0), total * np.minimum(education * factor, 1.0)


def by_year(need: Need, assumed: Assumptions, start: int) -> pd.DataFrame:
    """
    Workers year by year around the first year of operation.

    Returns
    -------
    pandas.DataFrame
        year, building and operation, each with low, middle and high columns: the peak of building in the year before `start` and
        half of it in the years of building before that; the first share of `ramp` at the start, all in the third year.
    """
    first, longest = assumed["ramp"], int(assumed["build_years"][2])
    rows = []
    for year in range(start - longest, start + _DONE_YEARS + 1):
        built = [_building_share(start - year, years) for years in assumed["build_years"]]
        done = min(max((year - start) / (_DONE_YEARS - 1), 0.0), 1.0)
        running = [0.0 if year < start else share + (1 - share) * done for share in first]
        row = {"year": float(year)}
        for name, amounts, shares in (("building", need.building, built), ("operation", need.jobs, running)):
            row |= {f"{name}{end}": a * s for end, a, s in zip(("_low", "", "_high"), amounts, shares, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows).astype({"year": "int"})


def _building_share(years_before: int, years: float) -> float:
    if not 1 <= years_before <= years:
        return 0.0
    return 1.0 if years_before == 1 else 0.5


def said_size(work: Work) -> Text:
    """An industry with its size, in both languages."""
    name, unit = work.kind.title, UNIT_NAMES[work.unit]
    return Text(ja=f"{name.ja} {work.size:,.10g}{unit.ja}", en=f"{name.en}, {work.size:,.10g} {unit.en}")


def read_size(text: str) -> tuple[float, Unit]:
    """A size with its unit, such as `300 MW`, `1,700 jobs` or `50億円`; PlannerError when it is none."""
    found = size_in(text)
    if found is None:
        raise PlannerError(
            "size {given!r}: expected a number and one of {known}, such as 300 MW. Correct it.",
            given=text,
            known=", ".join(UNITS),
        )
    return found
