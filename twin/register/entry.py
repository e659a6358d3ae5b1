"""What an entry of the register says: the fields of the Dutch and British transparency standards, in two languages.

The choice of fields is this project's own (after the Algorithmic Transparency Standard of nine European cities and
the UK's ATRS); it claims conformity with no law.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

KINDS = ("agent", "hazard", "impact", "language_model")


def _korean(text: str) -> str:
    if not re.search(r"[가-힣]", text):
        raise ValueError("it holds no Korean")
    return text


def _english(text: str) -> str:
    if not re.search(r"[A-Za-z]", text) or re.search(r"[가-힣]{6,}", text):
        raise ValueError("it is not English")
    return text


Named = Annotated[str, Field(min_length=1, max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Text(_Part):
    """The same in Korean and in English."""

    ko: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_korean)]
    en: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_english)]


class Data(_Part):
    """Data that it works with, and under which licence."""

    name: Text
    licence: Named


class Persons(_Part):
    """Whether data about single persons are worked with, and of which kind."""

    used: bool
    kind: Text


class Proven(_Part):
    """What was measured; `report` and `tests` are paths in the project."""

    says: Text
    report: str = ""
    tests: list[Named] = Field(min_length=1)


class Risk(_Part):
    """Class of risk by the project's own judgement, and why."""

    level: Literal["minimal", "limited", "high"]
    reason: Text


class Oversight(_Part):
    """How people oversee it: the highest approval level 0..4 of what it proposes, and who approves that."""

    level: Annotated[int, Field(ge=0, le=4)]
    roles: Text


class Change(_Part):
    """A line of its history."""

    date: date
    version: Named
    says: Text


class Entry(_Part):
    """One entry of the register.

    rooms  modules of the project that are this model, in dotted names
    begins, ends  days between which it is in use
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    kind: Literal["agent", "hazard", "impact", "language_model"]
    rooms: list[Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_0-9]+)+$")]] = Field(min_length=1)
    name: Text
    department: Text
    contact: Text
    purpose: Text
    status: Literal["development", "exercise", "in_use", "withdrawn"]
    version: Named
    legal: Text
    data: list[Data] = Field(min_length=1)
    persons: Persons
    method: Text
    inputs: Text
    outputs: Text
    calibration: Text
    performance: Proven
    limits: list[Text] = Field(min_length=1)
    risk: Risk
    oversight: Oversight
    assessment: Text
    monitoring: Text
    feedback: Text
    begins: date
    ends: date | None = None
    changes: list[Change] = Field(min_length=1)
