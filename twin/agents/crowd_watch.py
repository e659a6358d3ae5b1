"""Crowd watch: cameras before the gates of a crowd say when to open exits, hold entrances and send people elsewhere.

Gates are no things of the map, so that a camera's name says what it looks at: "in:GATE" before an entrance,
"out:GATE" before an exit, "out:GATE@SITE" before an exit that leads through a site of the city (an underpass, whose
water shuts it), and anything else is a zone of the place as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.agents import _forecast as forecast
from twin.agents._acts import proposal, reason, step, taken
from twin.agents._limits import CROWD_ALERT, CROWD_CAUTION, CROWD_SERIOUS, WADE
from twin.agents._readings import at, of, rising, trusted
from twin.model.response.proposal import Proposal
from twin.model.response.view import Outlook, Reading, View

IN, OUT = "in", "out"


@dataclass(frozen=True, slots=True)
class Settings:
    """When a crowd is eased. Design, but where `_limits` has a source.

    ahead   s over which a rise of the density is carried on, measured over `back` s
    wet     share of members from which an exit through an underpass counts as shut by water
    hold    share of those who come that waits before an entrance;   obeys  share that is asked to take another exit
    lasts   s until a proposal expires;   oldest, stale  s, age of a reading, of a forecast that still count
    """

    ahead: float = 600.0
    back: float = 900.0
    wet: float = 0.2
    hold: float = 0.8
    obeys: float = 0.5
    lasts: float = 600.0
    oldest: float = 600.0
    stale: float = 1800.0


@dataclass(frozen=True, slots=True)
class Camera:
    """What a camera shows: which side (in, out, "" a zone), which gate, the site that it leads through.

    now, soon  people m-2;   reading  its id
    """

    side: str
    gate: str
    site: str
    now: float
    soon: float
    reading: str


@dataclass(frozen=True, slots=True)
class CrowdWatch:
    """Eases crowds before they press."""

    settings: Settings = Settings()
    name: str = "crowd_watch"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("readings", "history", "outlook", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield exits to be opened, entrances to be held, and exits that people are led away from."""
        s, busy = self.settings, taken(view)
        outlook = forecast.fits(view.outlook, view, s.stale)
        readings = trusted(view.readings, view.time, s.oldest)
        cameras = [self._camera(view, one) for one in of(readings, "crowd_density")]
        shut = {c.gate: by for c in cameras if c.side == OUT and (by := self._shut(view, outlook, readings, c))}
        densest = max((c.soon for c in cameras), default=0.0)
        evidence = [c.reading for c in cameras if c.soon >= CROWD_CAUTION]
        exits = [c for c in cameras if c.side == OUT and c.gate not in shut]
        if densest >= CROWD_CAUTION:
            steps = [step("open_exit", view, c.gate) for c in exits if ("open_exit", c.gate) not in busy]
            if steps:
                why = reason("crowd.open", about="", exits=len(steps), density=densest, limit=CROWD_CAUTION)
                yield proposal(self, view, steps, (why,), evidence, s.lasts)
        if densest >= CROWD_ALERT:
            entrances = [c.gate for c in cameras if c.side == IN and ("hold_entrance", c.gate) not in busy]
            steps = [step("hold_entrance", view, gate, {"share": s.hold}) for gate in entrances]
            if steps:
                why = reason("crowd.hold", about="", entrances=len(steps), density=densest, limit=CROWD_ALERT)
                yield proposal(self, view, steps, (why,), evidence, s.lasts)
        yield from self._diverted(view, cameras, exits, shut)

    def _diverted(
        self, view: View, cameras: list[Camera], exits: list[Camera], shut: dict[str, str]
    ) -> Iterator[Proposal]:
        """Yield exits that people are led away from: those in water, and those too dense, to the emptiest one."""
        s, busy = self.settings, taken(view)
        for camera in sorted((c for c in cameras if c.side == OUT), key=lambda c: c.gate):
            others = [c for c in exits if c.gate != camera.gate and c.soon < CROWD_CAUTION]
            if not others or ("divert", camera.gate) in busy:
                continue
            to = min(others, key=lambda c: (c.soon, c.gate))
            if camera.gate in shut:
                why = reason("crowd.exit_in_water", about=camera.gate, site=camera.site, to=to.gate)
                share, evidence = 1.0, (camera.reading, shut[camera.gate])
            elif camera.soon >= CROWD_SERIOUS:
                why = reason("crowd.divert", about=camera.gate, to=to.gate, density=camera.soon, limit=CROWD_SERIOUS)
                share, evidence = s.obeys, (camera.reading, to.reading)
            else:
                continue
            one = step("divert", view, camera.gate, {"share": share, "to": to.gate})
            yield proposal(self, view, (one,), (why,), evidence, s.lasts)

    def _camera(self, view: View, one: Reading) -> Camera:
        """Return what a camera shows now, and what it will if it goes on like that."""
        s = self.settings
        side, _, rest = one.sensor.partition(":")
        gate, _, site = rest.partition("@")
        if side not in {IN, OUT} or not gate:
            side, gate, site = "", one.sensor, ""
        soon = max(one.value, one.value + s.ahead * rising(view, one, s.back, s.oldest))
        return Camera(side, gate, site, one.value, soon, one.id)

    def _shut(self, view: View, outlook: Outlook | None, readings: list[Reading], camera: Camera) -> str:
        """Return the id of what says that an exit stands in water now or soon; "": nothing does."""
        sites = {site.id: i for i, site in enumerate(view.facts.sites)}
        if camera.site not in sites:
            return ""
        number = sites[camera.site]
        gauge = at(readings, view.facts.sites[number], "underpass_depth") or at(
            readings, view.facts.sites[number], "depth"
        )
        if gauge is not None and gauge.value > WADE:
            return gauge.id
        if outlook is None:
            return ""
        part = forecast.window(outlook.sites, view.time, view.time + self.settings.ahead)
        deep = outlook.sites.depth[:, part, number] > np.float32(WADE)
        wet = deep.size > 0 and float(deep.any(axis=1).mean()) >= self.settings.wet
        return outlook.id if wet else ""


agent = CrowdWatch()
