"""What the user decides: candidates, gates, criteria, weights. Pure data, identified by the hash of its content."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from geodata.base import Strict, Text

from ..decision.clusters import ClusterChoice
from ..decision.robustness import RobustnessChoice
from ..measure.candidates import CandidateChoice
from ..measure.criterion import Where
from ..measure.own import OwnLayers
from ..measure.stress import Change
from ..measure.verbs import AnyCriterion
from ..model.calibration import Calibration
from ..model.sourced import Branch, Sourced
from ..model.values import ValueFunction
from ..power.demand import Demand
from ..skills.work import Work
from .base import OwnPlace, with_base
from .gates import Gate
from .profiles import Weighting

Weight = Annotated[float, Field(ge=0, description="Relative to its neighbours; any scale")]


class BranchWeight(Sourced):
    """Weight of a branch."""

    weight: Weight


class CriterionChoice(Sourced):
    """Weight of a criterion inside its branch, and what the scenario sets otherwise than the catalogue."""

    weight: Annotated[float, Field(ge=0, description="Relative inside its branch; 0 shows the value as a fact")]
    reach_m: Annotated[float, Field(gt=0, le=500_000)] | None = None
    where: tuple[Where, ...] | None = Field(
        None, description="Which features count, in place of the catalogue's filter"
    )
    title: Text | None = Field(None, description="What it is called then")
    value: ValueFunction | None = None
    interval: tuple[float, float] | None = Field(
        None,
        description="Of a calibrated weight: 5 to 95 % of its share of the whole, in percent, over choices drawn again",
    )


class Floor(Sourced):
    """Share of the weight that must be known for a rank."""

    value: Annotated[float, Field(ge=0, le=1)]


class Scenario(Strict):
    """A whole question. Two equal scenarios have equal hashes and, on the same layers, equal results."""

    profile: str
    weights: Weighting = Field("assumed", description="Which set of the profile's weights lies below what is set here")
    calibration: Calibration | None = Field(None, description="Where calibrated weights come from")
    title: Text
    question: Text
    asks: Text = Field(description="What the scheme asks for, as far as it is published")
    measures: Text = Field(description="What the profile measures of it, and what it does not")
    candidates: CandidateChoice = CandidateChoice()
    branches: dict[Branch, BranchWeight]
    criteria: Annotated[dict[str, CriterionChoice], Field(min_length=1)]
    gates: dict[str, Gate] = Field(default_factory=dict)
    completeness_floor: Floor
    robustness: RobustnessChoice = RobustnessChoice()
    clusters: ClusterChoice = ClusterChoice()
    stakeholders: dict[str, dict[Branch, Weight]] = Field(
        default_factory=dict, description="Named sets of branch weights, compared by `planner robust`"
    )
    demand: Demand | None = Field(None, description="The load that the site must power; a deadline becomes a gate")
    work: Work | None = Field(None, description="The investment whose workers must live within reach")
    changes: tuple[Change, ...] = Field((), description="Stress tests: shift, scale, retire, add")
    places: tuple[OwnPlace, ...] = Field(
        (), description="Your own plants, customers, suppliers, ports: minutes to the first of them become a criterion"
    )
    layers: OwnLayers = Field(default_factory=dict, description="Layers of your own")
    own: dict[str, AnyCriterion] = Field(
        default_factory=dict, description="Criteria of your own, as in planner/scenario/criteria"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_base(cls, table: Any) -> Any:
        """Named places have a criterion."""
        return with_base(table) if isinstance(table, Mapping) else table

    @field_validator("own", mode="before")
    @classmethod
    def _named(cls, own: Any) -> Any:
        """The key of a criterion is its id."""
        if not isinstance(own, Mapping):
            return own
        stanzas = own.items()
        return {id_: {**stanza, "id": id_} if isinstance(stanza, Mapping) else stanza for id_, stanza in stanzas}

    def portable(self) -> dict[str, Any]:
        """Plain data without the folders of this machine: of a user's file only the name is kept."""
        whole = self.model_dump(mode="json")
        for holder in (whole["candidates"], *whole["layers"].values()):
            if holder["path"]:
                holder["path"] = Path(holder["path"]).name
        for choice in whole["criteria"].values():
            for part in ("where", "title"):
                if choice[part] is None:
                    del choice[part]
        for part in ("places", "calibration", "demand", "work"):
            if not whole[part]:
                del whole[part]
        return whole

    def digest(self) -> str:
        """SHA-256 of the canonical JSON; what stands in a user's file is in the version of its layer."""
        canonical = json.dumps(self.portable(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
