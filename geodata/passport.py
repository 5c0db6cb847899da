"""What is told of a layer wherever a value that rests on it is shown."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from .base import Strict, Text

Status = Literal["measured", "estimated", "assumed"]
Inventory = Literal["complete", "partial"]
Origin = Literal["pulled", "embedded", "own", "imported"]


class Passport(Strict):
    """What must be shown wherever a value of the layer is shown."""

    licence: str
    attribution: str
    reference_date: str
    status: Status
    inventory: Inventory = Field(description="partial: a distance is an upper bound, a sum or count a lower bound")
    inventory_note: Text
    accuracy_m: float = Field(
        0.0, ge=0, description="How far a feature may truly lie from its place, metres, where no column accuracy_m says"
    )


class LayerLock(BaseModel):
    """The layer behind some values, fixed to its version; of an absent layer only its name is known."""

    model_config = ConfigDict(extra="allow", frozen=True)  # what another version of the product wrote besides is kept

    id: str
    origin: str
    title: Text
    version: str | None = None
    licence: str | None = None
    attribution: str | None = None
    reference_date: str | None = None
    status: Status | None = None
    inventory: Inventory | None = None

    @classmethod
    def absent(cls, id_: str, title: Text) -> Self:
        """Of a layer that is not at hand."""
        return cls(id=id_, origin="absent", title=title)
