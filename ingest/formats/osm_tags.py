"""What an OpenStreetMap object is to the twin, by its tags; and its tags in the twin's words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

Tags = Mapping[str, str]

#: value of building=* -> use; what is not here says nothing of its use
USES = {
    word: use
    for use, words in (
        ("apartment", "apartments"),
        (
            "residential",
            "house detached residential terrace semidetached_house semi dormitory bungalow cabin farmhouse",
        ),
        ("commercial", "commercial retail supermarket kiosk hotel shop mall restaurant"),
        ("office", "office offices"),
        ("industrial", "industrial warehouse manufacture factory hangar works"),
        ("school", "school kindergarten university college"),
        ("hospital", "hospital clinic"),
        ("fire_station", "fire_station"),
        ("station", "train_station transportation station"),
        ("public", "public civic government townhall museum library sports_hall stadium"),
        ("religious", "church chapel cathedral mosque temple synagogue shrine religious monastery"),
        ("agricultural", "farm barn stable cowshed sty greenhouse farm_auxiliary silo"),
        ("other", "garage garages shed roof hut carport service transformer_tower parking static_caravan"),
    )
    for word in words.split()
}

#: value of amenity=* -> use of a building, and what makes a place a facility
AMENITIES = {
    "hospital": "hospital", "clinic": "hospital", "school": "school", "kindergarten": "school", "university": "school",
    "college": "school", "fire_station": "fire_station", "police": "public", "townhall": "public",
    "community_centre": "public", "library": "public", "nursing_home": "residential", "social_facility": "public",
    "place_of_worship": "religious", "bus_station": "station", "ferry_terminal": "station",
}  # fmt: skip

_WOODED = {"wood", "scrub", "heath", "grassland", "tree_row", "tree", "shrubbery", "fell"}
_STATIONS = {"station", "halt"}
_GROUNDS = {"beach", "sand", "bare_rock", "scree", "shingle", "wetland", "mud", "glacier", "rock"}
_PARKS = {"park", "pitch", "garden", "playground", "golf_course", "sports_centre", "stadium", "nature_reserve", "track"}
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(m|metres?|meters?|ft|feet|')?\s*")
_FEET = re.compile(r"\s*(\d+)'\s*(?:(\d+(?:\.\d+)?)\")?\s*")
_YEAR = re.compile(r"(\d{4})(?:-\d\d){0,2}")


@dataclass(frozen=True, slots=True)
class Sort:
    """What an object is: its kind, its class, and whether a closed way of it is an area rather than a ring."""

    kind: str
    label: str | None
    area: bool


def sort(tags: Tags, *, node: bool = False, ring: bool = True) -> Sort | None:
    """Return what an object is to the twin, None when nothing.

    node  whether it is a node
    ring  whether it is closed: pieces of boundaries say nothing by themselves

    A road in a tunnel or on a bridge stays a road, with the attribute: what is dug or built where is for registers
    that know its depth. Proposed and razed things are not there.
    """
    building = tags.get("building")
    if building and building not in ("no", "proposed", "razed", "demolished"):
        return None if node else Sort("building", None if building == "yes" else building, area=True)
    if (found := _point(tags)) is not None and (node or found[0] not in ("hydrant", "camera", "streetlight")):
        return Sort(found[0], found[1], area=True)
    if node:
        return Sort("vegetation", "tree", area=False) if tags.get("natural") == "tree" else None
    below = _ground(tags)
    return None if below and below.kind == "boundary" and not ring else below


def _point(tags: Tags) -> tuple[str, str | None] | None:
    """Return kind and class of what may be a point as well as an area."""
    amenity, emergency, made = tags.get("amenity"), tags.get("emergency"), tags.get("man_made")
    if emergency == "fire_hydrant":
        return "hydrant", tags.get("fire_hydrant:type")
    if emergency in ("assembly_point", "shelter") or tags.get("social_facility") == "shelter":
        return "shelter", emergency or "shelter"
    if amenity == "shelter" and tags.get("shelter_type") not in ("public_transport", "picnic_shelter", "gazebo"):
        return "shelter", tags.get("shelter_type") or "shelter"
    if amenity == "parking":
        return "parking", tags.get("parking")
    if made == "surveillance":
        return "camera", tags.get("surveillance:type")
    if tags.get("highway") == "street_lamp":
        return "streetlight", None
    if made == "pumping_station":
        return "facility", made
    if amenity in AMENITIES:
        return "facility", amenity
    if tags.get("railway") in _STATIONS:
        return "facility", "station"
    return None


def _ground(tags: Tags) -> Sort | None:
    """Return what a way or relation is that can be no point."""
    natural, landuse, leisure, made = (tags.get(key) for key in ("natural", "landuse", "leisure", "man_made"))
    if highway := tags.get("highway"):
        return None if highway in ("proposed", "razed") else Sort("road", highway, area=tags.get("area") == "yes")
    if railway := tags.get("railway"):
        return Sort("railway", railway, area=railway in ("platform", "turntable") or tags.get("area") == "yes")
    if natural in ("water", "coastline", "bay"):
        return Sort("water", tags.get("water") or natural, area=natural != "coastline")
    if waterway := tags.get("waterway"):
        return Sort("water", waterway, area=waterway in ("riverbank", "dock", "boatyard") or tags.get("area") == "yes")
    if made in ("dyke", "embankment"):
        return Sort("levee", made, area=False)
    if made == "bridge":
        return Sort("bridge", None, area=True)
    if landuse in ("reservoir", "basin"):
        return Sort("water", landuse, area=True)
    if landuse == "forest" or natural in _WOODED:
        return Sort("vegetation", natural or landuse, area=natural not in ("tree_row", "tree"))
    if landuse or natural in _GROUNDS or leisure in _PARKS:
        return Sort("landuse", landuse or natural or leisure, area=True)
    if tags.get("boundary") == "administrative":
        return Sort("boundary", tags.get("admin_level"), area=True)
    return None


def metres(text: str) -> float | None:
    """Return a length that a mapper wrote ("12", "12.5 m", "40'"), in m; None when it is none."""
    if (feet := _FEET.fullmatch(text)) is not None:
        return round((int(feet[1]) + float(feet[2] or 0) / 12) * 0.3048, 3)
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return float(found[1]) * (0.3048 if found[2] in ("ft", "feet") else 1.0)


def whole(text: str) -> int | None:
    """Return a count ("3", "3.0"), None when it is none."""
    found = _NUMBER.fullmatch(text)
    return int(float(found[1])) if found and not found[2] and float(found[1]).is_integer() else None


#: tag -> attribute and how its text is read, per kind
_LENGTHS = {"building": {"height": "height"}, "road": {"width": "width"}, "water": {"width": "width", "depth": "depth"}}
_COUNTS = {
    "building": {"building:levels": "storeys", "building:levels:underground": "basements"},
    "road": {"lanes": "lanes", "layer": "layer"}, "railway": {"layer": "layer"}, "water": {"layer": "layer"},
    "shelter": {"capacity": "capacity"}, "parking": {"capacity": "capacity"}, "facility": {"capacity": "capacity"},
}  # fmt: skip
_FLAGS = {"road": ("bridge", "tunnel"), "railway": ("bridge", "tunnel"), "water": ("tunnel",)}
_TEXTS = ("name", "name:ko", "name:en", "ref", "surface", "maxspeed")


def attributes(tags: Tags, sorted_as: Sort) -> tuple[dict[str, object], list[str]]:
    """Return the attributes of an object, and the tags whose text does not say what it should.

    Tags that are no attribute are kept together, as JSON, under "tags".
    """
    kind = sorted_as.kind
    out: dict[str, object] = {}
    bad: list[str] = []
    taken = {"type"}
    for tag, name in _LENGTHS.get(kind, {}).items():
        if tag in tags:
            taken.add(tag)
            out[name] = metres(tags[tag])
            bad += [] if out[name] is not None else [f"{tag} = {tags[tag]!r} is no length"]
    for tag, name in _COUNTS.get(kind, {}).items():
        if tag in tags:
            taken.add(tag)
            out[name] = whole(tags[tag])
            bad += [] if out[name] is not None else [f"{tag} = {tags[tag]!r} is no whole number"]
    for tag in _FLAGS.get(kind, ()):
        if tag in tags:
            taken.add(tag)
            out[tag] = tags[tag] != "no"
    for tag in _TEXTS:
        if tag in tags:
            taken.add(tag)
            out[tag] = tags[tag]
    if sorted_as.label is not None:
        out["class"] = sorted_as.label
    if kind == "road":
        taken |= {"highway", "oneway"}
        out["oneway"] = tags.get("oneway", "no") in ("yes", "1", "true", "-1")
        if tags.get("oneway") == "-1":
            taken.discard("oneway")
    if kind == "building":
        taken.add("building")
        use = USES.get(tags["building"]) or AMENITIES.get(tags.get("amenity", ""))
        out |= {"use": use} if use else {}
        if year := _YEAR.fullmatch(tags.get("start_date", "")):
            out["year"] = int(year[1])
    rest = {key: value for key, value in sorted(tags.items()) if key not in taken}
    if rest:
        out["tags"] = json.dumps(rest, ensure_ascii=False)
    return out, bad
