"""A plan as one file: area, partners, answers to what the paper asks, figures to watch, barriers, investments; kept across versions."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from geodata.base import Strict
from geodata.country.codes import prefectures
from geodata.errors import InvalidError
from geodata.files.writing import replacing

from ..errors import PlannerError, refusal
from .incentives import Size
from .requirements import PlanKind, requirements

FORMAT = 1
"""Version of the file. A newer one is refused; an older one is brought up by MIGRATIONS, step by step."""

MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older version to the next."""

LARGEST_BYTES = 20_000_000

Status = Literal["empty", "draft", "done"]
Stage = Literal["candidate", "applied", "promising", "refining", "final", "supported", "not_chosen"]
Light = Literal["green", "yellow", "red", "unknown"]

YELLOW_FROM = 0.8
"""Share of the way due by a day from which a figure is yellow and not red: an assumption."""


class Evidence(Strict):
    """One number or fact that supports an item, as it was read from a layer."""

    kind: str
    text: str
    text_ja: str
    value: float | None = None
    unit: str = ""
    source: str = ""
    date: str = ""
    status: str = ""


class Answer(Strict):
    """What the planner gives to one item; evidence is drawn from the layers and may be drawn again."""

    status: Status = "empty"
    text: str = ""
    amount_oku: Annotated[float, Field(ge=0)] | None = None
    private_text: str = Field("", description="Not for publication")
    evidence: tuple[Evidence, ...] = ()
    evidence_as_of: date | None = None


class Kpi(Strict):
    """A figure to watch: from a baseline to a target by a day, with what was measured since."""

    id: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    unit: str = ""
    baseline: float
    baseline_on: date
    target: float
    target_on: date
    actuals: tuple[tuple[date, float], ...] = ()
    source: str = ""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.target_on <= self.baseline_on:
            raise InvalidError("{id}: the day of the target must be after that of the baseline", id=self.id)
        return self

    def due(self, on: date) -> float:
        """Value due on a day, on a straight line from baseline to target."""
        whole = (self.target_on - self.baseline_on).days
        part = min(max((on - self.baseline_on).days / whole, 0.0), 1.0)
        return self.baseline + part * (self.target - self.baseline)

    def latest(self, today: date) -> tuple[date, float] | None:
        """Newest value measured up to today."""
        past = [one for one in self.actuals if one[0] <= today]
        return max(past) if past else None

    def light(self, today: date) -> Light:
        """
        Green when the newest value has come as far as was due on its day, yellow from 80 % of that way, else red.

        Unknown without a value measured after the baseline, and red when the day of the target passed without one. Of a level to
        hold (target = baseline) more counts as better.
        """
        newest = self.latest(today)
        if newest is None or newest[0] <= self.baseline_on:
            return "red" if today > self.target_on else "unknown"
        way = self.due(newest[0]) - self.baseline
        come = newest[1] - self.baseline
        share = come / way if way else newest[1] / self.target if self.target else float(newest[1] >= 0)
        return "green" if share >= 1 else "yellow" if share >= YELLOW_FROM else "red"


class Barrier(Strict):
    """What stands in the way, the infrastructure that answers it, and its package."""

    title: Annotated[str, Field(min_length=1)]
    kind: Literal[
        "power", "water", "sewage", "roads", "rail", "port", "airport", "land", "people", "rules", "telecom", "other"
    ]
    measure: str = ""
    who: str = ""
    by: date | None = None
    cost_oku: Annotated[float, Field(ge=0)] | None = None


class Partner(Strict):
    """A municipality or firm that takes part; a private one is left out of what is published."""

    name: Annotated[str, Field(min_length=1)]
    kind: Literal["prefecture", "municipality", "firm", "university", "other"] = "firm"
    corporate_number: Annotated[str, Field(pattern=r"^(\d{13})?$")] = ""
    role: str = ""
    private: bool = False


class Investment(Strict):
    """One planned investment; the firm's name is not published."""

    title: Annotated[str, Field(min_length=1)]
    firm: str = ""
    industry: str = ""
    start_year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    capex_oku: Annotated[float, Field(ge=0)] | None = None
    jobs: Annotated[float, Field(ge=0)] | None = None
    power_mw: Annotated[float, Field(ge=0)] | None = None
    water_m3_day: Annotated[float, Field(ge=0)] | None = None
    site_ha: Annotated[float, Field(ge=0)] | None = None
    roi_pct: float | None = None
    size: Size | None = None
    private: bool = True


class Snapshot(Strict):
    """The state of a plan on a day: statuses of its items, lights and values of its figures."""

    on: date
    statuses: dict[str, Status]
    lights: dict[str, Light]
    values: dict[str, float]
    note: str = ""


class Plan(Strict):
    """One plan paper."""

    format: Literal[1] = 1
    kind: PlanKind
    title: Annotated[str, Field(min_length=1)]
    field: str = Field("", description="Field of the 17 (or casting-forging), empty for any industry")
    block: str = Field("", description="Labour block of plan A")
    prefectures: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    stage: Stage = "candidate"
    zone_wish: str = Field("", description="Wish for a national strategic special zone")
    announced_by: str = ""
    partners: tuple[Partner, ...] = ()
    answers: dict[str, Answer] = Field(default_factory=dict)
    kpis: tuple[Kpi, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    investments: tuple[Investment, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    made_with: str = ""

    @field_validator("prefectures")
    @classmethod
    def _of_japan(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if code not in prefectures().index:
                raise InvalidError("prefecture {code!r}: expected a code from 01 to 47", code=code)
        return codes

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        unknown = set(self.answers) - {item.id for item in requirements()[self.kind]}
        if unknown:
            raise InvalidError("answers: plan {kind} has no item {id!r}", kind=self.kind, id=min(unknown))
        blocks = list(dict.fromkeys(prefectures()["block_code"]))
        if self.block and self.block not in blocks:
            raise InvalidError("block {block!r}: expected one of {known}", block=self.block, known=", ".join(blocks))
        if len({kpi.id for kpi in self.kpis}) < len(self.kpis):
            raise InvalidError("kpis: each id once")
        if self.starts and self.ends and self.ends < self.starts:
            raise InvalidError("ends: the plan ends before it starts")
        return self

    @property
    def area_prefectures(self) -> list[str]:
        """Prefectures of the area: those of the block, those named, or those of its municipalities."""
        if self.block:
            table = prefectures()
            return sorted(table.index[table["block_code"].eq(self.block)])
        return sorted({*self.prefectures, *(code[:2] for code in self.municipalities)})

    def answer(self, item: str) -> Answer:
        """Answer to an item; an empty one where there is none."""
        return self.answers.get(item, Answer())

    def snapshot(self, today: date, note: str = "") -> "Plan":
        """The plan with its state of today kept; one of the same day is replaced."""
        newest = {kpi.id: kpi.latest(today) for kpi in self.kpis}
        state = Snapshot(
            on=today,
            statuses={item.id: self.answer(item.id).status for item in requirements()[self.kind]},
            lights={kpi.id: kpi.light(today) for kpi in self.kpis},
            values={id_: one[1] for id_, one in newest.items() if one is not None},
            note=note,
        )
        kept = tuple(one for one in self.snapshots if one.on != today)
        return self.model_copy(update={"snapshots": (*kept, state)})

    def redacted(self) -> "Plan":
        """What may be published: without private texts, private partners and the names of investing firms."""
        private = {item.id for item in requirements()[self.kind] if item.private}
        answers = {
            id_: answer.model_copy(update={"private_text": "", **({"text": ""} if id_ in private else {})})
            for id_, answer in self.answers.items()
        }
        return self.model_copy(
            update={
                "answers": answers,
                "partners": tuple(one for one in self.partners if not one.private),
                "investments": tuple(
                    one.model_copy(update={"firm": "", "title": f"#{n}"} if one.private else {})
                    for n, one in enumerate(self.investments, 1)
                ),
            }
        )


def read_plan(path: Path) -> Plan:
    """A plan from its file, brought up from an older version; PlannerError says what is wrong with it."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PlannerError("{file}: expected a plan of 20 MB at most. Check the file.", file=path.name)
        raw = path.read_bytes()
    except OSError as error:
        raise PlannerError(
            "{file}: it cannot be read ({error}). Check path and rights.", file=str(path), error=error.strerror
        ) from error
    return parse_plan(raw, path.name)


def parse_plan(raw: bytes, name: str) -> Plan:
    """The same from its bytes."""
    try:
        table = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PlannerError(
            "{file}: expected a plan in JSON (UTF-8), found something else ({error}). Use a file of `planner plan new`.",
            file=name,
            error=error,
        ) from error
    if not isinstance(table, dict) or "kind" not in table:
        raise PlannerError("{file}: expected a plan, found no `kind`. Use a file of `planner plan new`.", file=name)
    try:
        return Plan.model_validate(migrated(table, name))
    except ValidationError as error:
        where, why, found = refusal(error)
        raise PlannerError(
            "{file}: {where}: {why} (found {found}). Correct it.", file=name, where=where, why=why, found=found
        ) from error


def migrated(
    table: dict[str, Any],
    name: str,
    steps: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = MIGRATIONS,
    newest: int = FORMAT,
) -> dict[str, Any]:
    """A table of any older version as one of the newest; PlannerError for a newer one."""
    version = table.get("format", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise PlannerError(
            "{file}: format {found}: expected a number from 1. Correct it.", file=name, found=repr(version)
        )
    if version > newest:
        raise PlannerError(
            "{file}: it is of version {found}, this product reads up to {newest}. Update the product.",
            file=name,
            found=version,
            newest=newest,
        )
    while version < newest:
        table = {**steps[version](table), "format": version + 1}
        version += 1
    return table


def write_plan(plan: Plan, path: Path) -> None:
    """Write the file as a whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(plan_bytes(plan))


def plan_bytes(plan: Plan) -> bytes:
    """The file of a plan: the same plan, the same bytes."""
    return json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def new_plan(kind: PlanKind, title: str, **given: Any) -> Plan:
    """A plan with an empty answer to every item of its paper."""
    answers = {item.id: Answer() for item in requirements()[kind]}
    try:
        return Plan.model_validate({"kind": kind, "title": title, "answers": answers, **given})
    except ValidationError as error:
        where, why, found = refusal(error)
        raise PlannerError(
            "plan: {where}: {why} (found {found}). Correct it.", where=where, why=why, found=found
        ) from error
