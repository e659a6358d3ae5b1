"""What layers of a response share: orders as GeoJSON that travels once, shown from when until when by the clock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from viewer.deployment import geometry
from viewer.layers import address
from viewer.moments import short
from viewer.plain import plain
from viewer.response import agent_name, version
from viewer.words import known_label, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from twin.store import City
    from viewer.deployment import Order
    from viewer.layers import At

NOTHING = b'{"type":"FeatureCollection","features":[]}'


def records(city: City, orders: Iterable[Order], tip: Callable[[Order], str]) -> bytes:
    """Return GeoJSON of orders that have a place: `a`, `b` s from and until when they hold, `tip`."""
    features = []
    for order in orders:
        shape = geometry(city, order.action)
        if shape is not None:
            properties = {"a": order.since, "b": order.until, "tip": tip(order)}
            features.append({"type": "Feature", "geometry": shape, "properties": properties})
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def of(name: str, city: City, at: At) -> str:
    """Return where the records of a layer of a response are served; the address changes when the response goes on."""
    return f"{address(name, city, at, run=True)}&of={version(city, at.run)}"


def shown(colour: list[int], time: float | None) -> str:
    """Return a deck.gl expression: the colour while an order holds, else clear; None: at any time of the run."""
    if time is None:
        return str(colour)
    return f"properties.a <= {time:g} && {time:g} < properties.b ? {colour} : [0, 0, 0, 0]"


def told_of(city: City, run: str, order: Order, called: dict[str, str], language: str, key: str) -> str:
    """Return an order in lines: what, where, since when (`key`), and whose proposal it was."""
    what = plain(known_label("measure", order.action.kind, language))
    where = called.get(order.action.target, plain(order.action.target))
    when = say(key, language, clock=short(city, run, order.since))
    return "\n".join((f"{what} · {where}", when, f"{agent_name(order.agent, language)} · {order.proposal}"))
