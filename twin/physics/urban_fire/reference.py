"""The same network in plain NumPy, slow and in the words of the other rooms: what the tests hold the kernels to."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.physics.urban_fire import brands as firebrands
from twin.physics.urban_fire import burning, dose, exposure, stepping, suppression, tables, throwing
from twin.physics.urban_fire.brands import Brands
from twin.physics.urban_fire.buildings import Buildings
from twin.physics.urban_fire.neighbours import Pairs

Array = NDArray[np.float64]
WORD = 2**64


class Reference:
    """Fire among n buildings, as `engine.UrbanFire`; fields of the same names are compared with it, (n,) each.

    city, pairs  as there      seed, step s, brands  as there
    """

    def __init__(self, city: Buildings, pairs: Pairs, seed: int, step: float, brands: Brands) -> None:
        n = city.count
        pairs.look(np.arange(n))
        self.city, self.pairs, self.seed, self.dt, self.brands = city, pairs, seed, step, brands
        self.emitter = np.repeat(np.arange(n), np.diff(pairs.starts))
        self.steps = 0
        self.state, self.cause, self.by = np.zeros(n, np.int8), np.zeros(n, np.int8), np.full(n, -1)
        self.ignited, self.ended = np.full(n, np.inf), np.full(n, np.inf)
        self.age, self.burnt, self.heat_release, self.dose, self.held = (np.zeros(n) for _ in range(5))
        self.hosed, self.wetted, self.radiation = (np.zeros(n) for _ in range(3))
        self.sprinkled, self.dry, self.standing = np.full(n, np.inf), np.ones(n), np.ones(n, bool)
        draws = np.array([uniform(seed, i, 0, throwing.FROM_SPRINKLER) for i in range(n)])
        self.works = city.sprinklers & (draws < suppression.SPRINKLER_WORKS)

    def ignite(self, index: int) -> None:
        """Set a node on fire now."""
        self.state[index], self.ignited[index], self.cause[index] = stepping.BURNING, self.steps * self.dt, 1

    def advance(self, wind: float, heading: tuple[float, float], flux: Array, sparks: Array) -> None:
        """Take one step.

        wind  m s-1      heading  1, east and north, where it blows to
        flux  (n,) kW m-2      sparks  (n,)  both from elsewhere
        """
        alight = self.state == stepping.BURNING
        share = self._burn(alight, wind)
        received, touched = self._shine(share, wind, heading)
        self._warm(received, touched, flux)
        self.steps += 1
        self._throw(wind, heading, sparks)

    def _burn(self, alight: NDArray[np.bool_], wind: float) -> Array:
        """Let what burns burn; return the share of each node that is alight, 1."""
        city, fires, dt = self.city, self.city.fires, self.dt
        gone = burning.energy_released(fires, self.age)
        free = self.dry * (burning.energy_released(fires, self.age + dt) - gone) / dt
        draught = burning.draught_rate(fires, city.draughty, wind)
        rate = suppression.clock_rate(free, draught, self.hosed, self.sprinkled)
        self.age = np.where(alight, np.minimum(self.age + rate * dt, fires.ends), self.age)
        energy = self.dry * (burning.energy_released(fires, self.age) - gone)
        self.burnt = self.burnt + energy
        needed = suppression.flow_needed(city.floor_area / city.parts * np.minimum(1.0, free / fires.peak))
        enough = alight & (self.hosed > 0) & (self.hosed >= needed)
        self.held = np.where(enough, self.held + dt, np.where(alight, 0.0, self.held))
        open_now = alight & np.isfinite(self.sprinkled)
        opens = alight & ~open_now & self.works & (energy / dt >= suppression.SPRINKLER_AT)
        self.sprinkled = np.where(open_now, self.sprinkled * np.exp(-dt / suppression.SPRINKLER_TIME), self.sprinkled)
        self.sprinkled = np.where(opens, energy / dt, self.sprinkled)
        done = alight & (self.age >= fires.ends)
        out = (self.held >= suppression.HOLD) | (self.sprinkled < suppression.SPRINKLER_OUT) | ~self.standing
        out &= alight & ~done
        self.state = np.where(done, stepping.BURNT, np.where(out, stepping.OUT, self.state)).astype(np.int8)
        self.ended = np.where(done | out, (self.steps + 1) * dt, self.ended)
        self.heat_release = np.where(alight & ~done & ~out, energy / dt, 0.0)
        return np.minimum(1.0, self.heat_release / (draught * fires.peak))

    def _shine(self, share: Array, wind: float, heading: tuple[float, float]) -> tuple[Array, NDArray[np.bool_]]:
        """Return the radiation on each node in kW m-2, and what touches it: (n, n), receiver by emitter."""
        city, pairs, n = self.city, self.pairs, self.city.count
        q, on = self.heat_release, self.heat_release > 0
        emits = exposure.facade_emission(q, share, city.emitting, city.facade)
        roof = exposure.roof_radiation(q, emits, city.facade, city.roof)
        footprint = city.outlines.area / city.parts
        lit = np.where(on, footprint * share, 1.0)
        middle = exposure.flame_height(q, lit) / 2
        lean = middle * exposure.flame_tilt(q, lit, wind)
        rooms = np.maximum(1.0, city.floor_area / city.parts / tables.COMPARTMENT)
        area = np.where(on, city.opening_area * share / rooms, 1.0)
        high = tables.OPENING_HEIGHT
        calm = exposure.window_flame_out(high)
        far = exposure.window_flame_draught(q / 1e3 / rooms, area, high, wind) if wind >= 1 else np.zeros(n)
        far = np.where(city.draughty > 0, far, 0.0)
        received, best = np.zeros(n), np.zeros(n)
        touched = np.zeros((n, n), bool)
        self.source = np.full(n, -1)
        for i, j, k in zip(self.emitter, pairs.target, range(len(pairs.target)), strict=True):
            if not on[i] or self.state[j] >= stepping.BURNING:
                continue
            part = emits[i] * float(pairs.view[k])
            if roof[i] / (4 * math.pi) > stepping.FAINT * stepping.CLOSE**2:
                at = np.array([pairs.dx[k], pairs.dy[k], pairs.dz[k]], np.float64)
                flame = np.array([lean[i] * heading[0], lean[i] * heading[1], math.sqrt(middle[i] ** 2 - lean[i] ** 2)])
                away = max(float(np.linalg.norm(at - flame)), stepping.CLOSE)
                part += float(exposure.point_source(roof[i], away))
            received[j] += part
            if part > best[j]:
                best[j], self.source[j] = part, i
            along = (pairs.dx[k] * heading[0] + pairs.dy[k] * heading[1]) / math.hypot(pairs.dx[k], pairs.dy[k])
            level = city.base[i] - city.top[i] <= pairs.dz[k] < 0
            touched[j, i] = level and pairs.gap[k] <= max(calm, far[i] * along)
        up = exposure.window_flame_above(q / 1e3 / rooms, area / high, high)
        for i in np.flatnonzero(on & (city.above >= 0)):
            j = city.above[i]
            if self.state[j] < stepping.BURNING:
                touched[j, i] = self.age[i] >= city.climbs[i] or up[i] >= city.top[i] - city.base[i] - high
        return received, touched

    def _warm(self, received: Array, touched: NDArray[np.bool_], flux: Array) -> None:
        """Add to the doses, and set on fire what has had enough."""
        city, reached = self.city, np.asarray(touched.any(1))
        total = received + flux + np.where(reached, exposure.CONTACT_FLUX, 0.0)
        cooled = np.maximum(0.0, total - suppression.facade_cooling(self.wetted, city.facade)) * city.receives
        waiting = self.state < stepping.BURNING
        more = dose.add_dose(self.dose, np.where(self.standing, cooled, 0.0), self.dt)
        more = np.where(more < stepping.LEAST, 0.0, more)
        self.dose = np.where(waiting, more, self.dose)
        self.radiation = received
        self.state = np.where(waiting, np.where(self.dose > 0, stepping.HEATED, stepping.UNBURNT), self.state)
        for j in np.flatnonzero(waiting & (self.dose >= dose.LIMIT)):
            self.state[j], self.ignited[j] = stepping.BURNING, (self.steps + 1) * self.dt
            if reached[j]:
                self.cause[j], self.by[j] = stepping.CONTACT, np.flatnonzero(touched[j])[0]
            elif flux[j] > received[j]:
                self.cause[j] = stepping.OUTSIDE
            else:
                self.cause[j], self.by[j] = stepping.RADIATION, self.source[j]

    def _throw(self, wind: float, heading: tuple[float, float], sparks: Array) -> None:
        """Throw the brands of this step, those of each node in its turn, and those from elsewhere."""
        city, now = self.city, self.steps * self.dt
        self.fell: list[tuple[float, float]] = []
        caught: dict[int, tuple[int, int]] = {}
        for i in np.flatnonzero(self.state == stepping.BURNING):
            if (i + self.steps) % throwing.EVERY == 0 and wind >= firebrands.LEAST_WIND and self.heat_release[i] > 0:
                for j in self._brands_of(int(i), wind, heading):
                    caught.setdefault(j, (stepping.BRAND, int(i)))
        chance = firebrands.ignition_probability(city.catches, sparks)
        for k in np.flatnonzero(sparks > 0).tolist():
            if self._open(k) and uniform(self.seed, k, self.steps, throwing.FROM_OUTSIDE) < chance[k]:
                caught.setdefault(k, (stepping.OUTSIDE, -1))
        for j, (cause, by) in caught.items():
            self.state[j], self.ignited[j], self.cause[j], self.by[j] = stepping.BURNING, now, cause, by

    def _open(self, j: int) -> bool:
        """Return whether a brand can ignite node j."""
        return bool(self.state[j] < stepping.BURNING and self.standing[j] and self.wetted[j] <= 0)

    def _brands_of(self, i: int, wind: float, heading: tuple[float, float]) -> list[int]:
        """Return which nodes the brands of node i ignite, and note where they fall."""
        city, kind = self.city, self.brands
        draws = iter(range(1 << 30))

        def draw() -> float:
            return uniform(self.seed, i, self.steps, next(draws))

        number, left = 0, kind.rate * city.throws[i] * self.heat_release[i] * self.dt * throwing.EVERY / 1e3
        while left > 0:
            product, limit = draw(), math.exp(-min(left, throwing.CHUNK))
            while product > limit:
                number, product = number + 1, product * draw()
            left -= throwing.CHUNK
        size = min(max(math.sqrt(city.outlines.area[i]), 3.0), 30.0)
        b = firebrands.transport_number(self.heat_release[i], size, wind, kind.density, kind.thickness)
        mean, deviation, across = firebrands.landing_distance(b, size)
        mu, sigma = firebrands.lognormal(mean, deviation)
        caught = []
        for _ in range(number):
            radius, angle, luck = math.sqrt(-2 * math.log(draw())), 2 * math.pi * draw(), draw()
            along = math.exp(float(mu) + float(sigma) * radius * math.cos(angle))
            aside = float(across) * radius * math.sin(angle)
            middle = city.outlines.centroid[i]
            x = middle[0] + along * heading[0] - aside * heading[1]
            y = middle[1] + along * heading[1] + aside * heading[0]
            self.fell.append((x, y))
            j = self._roof(x, y)
            if j >= 0 and self._open(j) and luck < city.catches[j]:
                caught.append(j)
        return caught

    def _roof(self, x: float, y: float) -> int:
        """Return the first node whose roof is under a point, m; -1: none."""
        import shapely

        shapes = self.city.outlines
        for j in np.flatnonzero(self.city.catches > 0):
            ring = shapes.corners[shapes.starts[j] : shapes.starts[j + 1]]
            if shapely.Polygon(ring).contains(shapely.Point(x, y)):
                return int(j)
        return -1


def mixed(x: int) -> int:
    """Return well-mixed bits of x. Source: SplitMix64, Steele, Lea and Flood (2014)."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % WORD
    return x ^ (x >> 31)


def uniform(seed: int, node: int, step: int, draw: int) -> float:
    """Return a number between 0 and 1, neither of them, that depends on its four arguments alone."""
    golden = 0x9E3779B97F4A7C15
    x = mixed((seed + golden) % WORD)
    for part in (node, step, draw):
        x = mixed((x + part * golden) % WORD)
    return ((x >> 11) + 0.5) * 2.0**-53
