"""Who has reserved how much of what, from when to when: no capacity is ever exceeded, no window ever left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from twin.coordination.resources import Resource
from twin.errors import InputError, RefusedError, suggest


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount of a resource, for `holder`; `begin` <= t < `end`, s from the start of the run."""

    holder: str
    resource: str
    amount: float
    begin: float
    end: float
    purpose: str = ""


class Calendar:
    """Reservations of shared resources. `resources` are its resources by their ids."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Take the resources; of two with the same id the last."""
        self._resources = {resource.id: resource for resource in resources}
        self._booked: dict[str, list[Reservation]] = {name: [] for name in self._resources}

    @property
    def resources(self) -> Mapping[str, Resource]:
        """The resources by their ids."""
        return self._resources

    @property
    def reservations(self) -> tuple[Reservation, ...]:
        """All that is reserved, resource by resource in the order of their ids, each in the order of reserving."""
        return tuple(entry for name in sorted(self._booked) for entry in self._booked[name])

    def free(self, resource: str, begin: float = 0.0, end: float = math.inf) -> float:
        """Return how much of a resource is left all the time from `begin` to `end`; 0 outside of its window.

        Raises InputError for an unknown resource.
        """
        place = self._resource(resource)
        if begin < place.opens or end > place.closes:
            return 0.0
        return max(0.0, place.capacity - self._peak(resource, begin, end))

    def fits(self, resource: str, amount: float, begin: float, end: float, purpose: str = "") -> bool:
        """Return whether an amount can be reserved. Raises InputError for an unknown resource."""
        place = self._resource(resource)
        if begin < place.opens or end > place.closes or not amount >= 0 or not begin <= end:
            return False
        others = (entry for entry in self._booked[resource] if entry.begin < end and begin < entry.end)
        if place.single and any(entry.purpose != purpose for entry in others):
            return False
        return self._peak(resource, begin, end) + amount <= place.capacity

    def reserve(
        self, holder: str, resource: str, amount: float, begin: float, end: float = math.inf, purpose: str = ""
    ) -> None:
        """Reserve an amount. Raises RefusedError where it does not fit, InputError for an unknown resource."""
        if not self.fits(resource, amount, begin, end, purpose):
            place = self._resource(resource)
            raise RefusedError(
                f"{holder}: {amount:g} of {resource!r} from {begin:g} to {end:g} s do not fit; "
                f"{self.free(resource, begin, end):g} of {place.capacity:g} are left, open {place.opens:g} to "
                f"{place.closes:g} s{', for one purpose at a time' if place.single else ''}"
            )
        self._booked[resource].append(Reservation(holder, resource, amount, begin, end, purpose))

    def release(self, holder: str) -> None:
        """Give back all that a holder has reserved."""
        for name, entries in self._booked.items():
            self._booked[name] = [entry for entry in entries if entry.holder != holder]

    def _resource(self, name: str) -> Resource:
        if name not in self._resources:
            raise InputError(f"no resource {name!r}; {suggest(name, self._resources)}")
        return self._resources[name]

    def _peak(self, resource: str, begin: float, end: float) -> float:
        """Return the most that is in use at a time between `begin` and `end`."""
        entries = [entry for entry in self._booked[resource] if entry.begin < end and begin < entry.end]
        moments = sorted({begin, *(entry.begin for entry in entries if entry.begin > begin)})
        return max(math.fsum(e.amount for e in entries if e.begin <= moment < e.end) for moment in moments)
