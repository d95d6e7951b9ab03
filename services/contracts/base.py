"""What every message shares: closed, versioned models that producers fill and consumers read leniently."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["hi", "en", "hi-Latn", "mixed", "other"]
Script = Literal["Deva", "Latn", "Mixed", "Other"]
Kind = Literal["PER", "LOC", "ORG"]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Iso3 = Annotated[str, Field(description="ISO 3166-1 alpha-3, XKX for Kosovo, IGO for intergovernmental bodies")]
Edtf = Annotated[
    str, Field(description="Extended Date/Time Format (ISO 8601-2), level 1: 2021-12-30, 2022-01, XXXX-01-10")
]
Offset = Annotated[int, Field(ge=0, description="code points from the start of the article's `text`")]


class Contract(BaseModel):
    """A part of a message; unknown fields of newer producers are ignored on reading."""

    model_config = ConfigDict(extra="ignore", frozen=False, ser_json_inf_nan="constants")


class Span(Contract):
    """A range `text[start:end]` of the article's clean text, with the words that stand there."""

    start: Offset
    end: Offset
    text: str
