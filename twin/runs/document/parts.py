"""What the tables of a scenario document are made of: numbers, texts, moments, and a table without unknown keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from twin.runs.document.strict_yaml import Plain, resolve

#: factors to seconds of the unit that a key ends in
SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
MAX_SECONDS = 366 * 86400.0


def _typed(value: object) -> object:
    return resolve(value) if isinstance(value, Plain) else value


def as_text(value: object) -> object:
    """Return a plain word of YAML as text, whatever else as it is."""
    return str(value) if isinstance(value, Plain) else value


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("is not an ISO time such as 2026-07-15T15:00:00+09:00") from None
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("has no zone; write it as 2026-07-15T15:00:00+09:00")
    return value


Text = Annotated[str, BeforeValidator(as_text)]
Number = Annotated[float, BeforeValidator(_typed)]
Whole = Annotated[int, BeforeValidator(_typed)]
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_aware)]
Flag = Annotated[bool, BeforeValidator(_typed)]
Seconds = Annotated[Number, Field(gt=0, le=MAX_SECONDS)]
Minutes = Annotated[Number, Field(gt=0, le=MAX_SECONDS / 60)]
Hours = Annotated[Number, Field(gt=0, le=MAX_SECONDS / 3600)]
Time = Annotated[Number, Field(ge=0, le=MAX_SECONDS / 60)]


class Part(BaseModel):
    """A table of the document: unknown keys are errors, numbers are numbers, nothing is infinite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
