"""The limits of an assessment that differ between users, chosen by name and printed with every table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.errors import UsageError, suggest
from twin.impact import rating
from twin.impact.danger import AIDR, AIDR_SOURCE
from twin.impact.doubt import doubt
from twin.impact.rating import DEBRIS, Debris
from twin.impact.vehicles import LARGE_VEHICLE, SMALL_CAR, Vehicle, emergency

#: limits of "danger for most" in use -> where they come from
MOST_LIMITS = {2.5: "FD2320, as most programs print it", 2.0: "note of May 2008, not seen"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What is chosen.

    debris             name of a form of `rating.DEBRIS`
    most_limit         1, greatest hazard rating that is dangerous for most and not for all: 2.5 or 2.0
    emergency_m        m, depth the emergency fleet passes; None: as a large vehicle
    emergency_m2_s     m2 s-1, depth times speed it passes; None: as a large vehicle
    """

    debris: str = "by-depth"
    most_limit: float = 2.5
    emergency_m: float | None = None
    emergency_m2_s: float | None = None

    def __post_init__(self) -> None:
        if self.debris not in DEBRIS:
            raise UsageError(f"debris form '{self.debris}' is not known; {suggest(self.debris, DEBRIS)}")
        if self.most_limit not in MOST_LIMITS:
            known = " and ".join(f"{limit:g}" for limit in MOST_LIMITS)
            raise UsageError(f"limit {self.most_limit:g} of 'danger for most' is not in use; known: {known}")
        for name, least in (("emergency_m", SMALL_CAR.depth), ("emergency_m2_s", SMALL_CAR.product)):
            value = getattr(self, name)
            if value is not None and not least <= value <= 10:
                raise UsageError(f"{name} is {value:g}; it must lie between that of a small car, {least:g}, and 10")

    @property
    def form(self) -> Debris:
        """Return the form of the debris factor."""
        return DEBRIS[self.debris]

    @property
    def vehicles(self) -> tuple[Vehicle, ...]:
        """Return the classes of vehicle, the one that stops first at the front."""
        return SMALL_CAR, LARGE_VEHICLE, emergency(self.emergency_m, self.emergency_m2_s)

    def unverified(self) -> Iterator[dict[str, str]]:
        """Yield the doubts about the limits that are chosen, as `Valuation.unverified` does."""
        if self.most_limit == 2.0:
            yield doubt("defra_most_limit", "2.0", "the note of May 2008 was not seen")

    def as_dict(self) -> dict[str, object]:
        """Return all limits as JSON can hold them."""
        form, most = self.form, self.most_limit
        return {
            "aidr": {
                "source": AIDR_SOURCE,
                "limits": [
                    {"class": name, "product_m2_s": p, "depth_m": d, "speed_m_s": v} for name, (p, d, v) in AIDR.items()
                ],
            },
            "defra": {
                "source": rating.SOURCE,
                "debris_form": form.name,
                "debris_text": form.text,
                "debris_source": form.source,
                "most_limit": most,
                "most_limit_source": MOST_LIMITS[most],
                "limits": [
                    {"class": name, "ko": ko, "rating_from": low, "rating_to": high}
                    for (name, ko), low, high in zip(
                        rating.CLASSES.items(),
                        (0.0, rating.LOW, rating.SOME, most),
                        (rating.LOW, rating.SOME, most, None),
                        strict=True,
                    )
                ],
            },
            "vehicles": [
                {
                    "class": v.name,
                    "ko": v.ko,
                    "en": v.en,
                    "depth_m": v.depth,
                    "product_m2_s": v.product,
                    "source": v.source,
                }
                for v in self.vehicles
            ],
        }
