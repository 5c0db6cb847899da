"""The words that both packages share: strict models, a text in two languages, arrays."""

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Base of everything a file or a person supplies: nothing extra, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Text(Strict):
    """One sentence or label in both languages."""

    ja: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def __getitem__(self, language: str) -> str:
        """Text in `ja` or `en`."""
        return self.ja if language == "ja" else self.en

    def filled(self, **values: object) -> "Text":
        """The text with its {placeholders} filled, a Text by its own language; other braces stay."""
        return Text(ja=_filled(self.ja, values, "ja"), en=_filled(self.en, values, "en"))


def _filled(said: str, values: dict[str, object], language: str) -> str:
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", value[language] if isinstance(value, Text) else str(value))
    return said


def text(ja: str, en: str) -> Text:
    """Short form of Text(ja=…, en=…)."""
    return Text(ja=ja, en=en)


FloatArray = npt.NDArray[np.float64]


IntArray = npt.NDArray[np.intp]
