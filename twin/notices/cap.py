"""Drafts of alerts in the Common Alerting Protocol 1.2, in Korean and in English. Nothing is sent from here.

Source: OASIS Common Alerting Protocol Version 1.2, 1 July 2010: order of elements, lists of words, forms of times.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from twin.errors import InputError, MissingError, UsageError, suggest
from twin.model.response.proposal import Alert
from twin.notices.words import EVENTS, GUIDANCE, LANGUAGES, event_name, say
from twin.notices.xml import Element, element, optional, text, written

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

#: what stands before the headline of a message that is not actual: nobody shall take an exercise for an emergency
MARKS = {
    "Exercise": ("[훈련] ", "[EXERCISE] "),
    "Test": ("[시험] ", "[TEST] "),
    "Draft": ("[초안] ", "[DRAFT] "),
    "System": ("[시스템] ", "[SYSTEM] "),
    "Actual": ("", ""),
}

#: characters that a headline is best kept to (section 3.2.2 of the standard)
HEADLINE = 160

_NAME = re.compile(r"[^\s,<&]{1,200}")
_TAGS = {"ko": "ko-KR", "en": "en"}

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Area:
    """A district as a message names it.

    rings  outlines, each of (longitude, latitude) in degrees of WGS 84; holes are not told
    """

    ko: str
    en: str
    rings: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The envelope of a message.

    identifier, sender  without blanks, commas, < and &;   sent  aware moment
    status, type, scope  in the words of the standard
    references   earlier messages that an Update or Cancel is about
    restriction  for scope Restricted;   addresses  for scope Private
    name         of the sender as people read it, in Korean and English;   contact  where to ask
    """

    identifier: str
    sender: str
    sent: datetime
    status: str = "Exercise"
    type: str = "Alert"
    scope: str = "Public"
    references: tuple[Reference, ...] = ()
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    name: tuple[str, str] = ("", "")
    contact: str = ""
    note: str = ""


def draft(alert: Alert, start: datetime, areas: Mapping[str, Area], head: Head) -> bytes:
    """Return an alert as a CAP 1.2 document in UTF-8, with an <info> in Korean and one in English.

    start  aware moment at which the run begins;   areas  id of a district -> what it is called and where it is

    Raises UsageError (a word the standard or the catalogue does not know, a scope without what it needs), MissingError
    (a district that is not in `areas`) and InputError (times, outlines, values of a reason).
    """
    _check_head(head)
    _check_alert(alert, areas)
    if start.tzinfo is None or head.sent.tzinfo is None:
        raise InputError("start of the run and time of sending of a CAP message need a zone")
    if not (math.isfinite(alert.onset) and math.isfinite(alert.expires) and alert.onset < alert.expires):
        raise InputError(f"alert '{alert.event}': onset {alert.onset} s is not before its end at {alert.expires} s")
    references = " ".join(f"{one.sender},{one.identifier},{_moment(one.sent)}" for one in head.references)
    root = element(
        "alert",
        text("identifier", head.identifier),
        text("sender", head.sender),
        text("sent", _moment(head.sent)),
        text("status", head.status),
        text("msgType", head.type),
        text("scope", head.scope),
        optional("restriction", head.restriction),
        optional("addresses", " ".join(_quoted(address) for address in head.addresses)),
        optional("note", head.note),
        optional("references", references),
        *(_info(alert, start, areas, head, language) for language in LANGUAGES),
    )
    return written(root, NAMESPACE)


def _info(alert: Alert, start: datetime, areas: Mapping[str, Area], head: Head, language: str) -> Element:
    place = LANGUAGES.index(language)
    names = {id_: (area.ko, area.en)[place] for id_, area in areas.items()}
    over = alert.urgency == "Past" or head.type == "Cancel"
    name = event_name(alert.event, language)
    where = ", ".join(names[id_] for id_ in alert.areas)
    headline = f"{MARKS[head.status][place]}{name}: {where}"
    sentences = " ".join(say(reason, language, names) for reason in alert.reasons)
    return element(
        "info",
        text("language", _TAGS[language]),
        text("category", EVENTS[alert.event].category),
        text("event", name),
        text("responseType", "AllClear" if over else EVENTS[alert.event].response),
        text("urgency", alert.urgency),
        text("severity", alert.severity),
        text("certainty", alert.certainty),
        text("effective", _moment(head.sent)),
        text("onset", _moment(start + timedelta(seconds=alert.onset))),
        text("expires", _moment(start + timedelta(seconds=alert.expires))),
        optional("senderName", head.name[place]),
        text("headline", headline if len(headline) <= HEADLINE else f"{headline[: HEADLINE - 1]}…"),
        text("description", f"{MARKS[head.status][place]}{sentences or headline}"),
        text("instruction", GUIDANCE["over" if over else alert.event][place]),
        optional("contact", head.contact),
        *(_area(id_, areas[id_], place) for id_ in alert.areas),
    )


def _area(id_: str, area: Area, place: int) -> Element:
    polygons = [text("polygon", _polygon(id_, ring)) for ring in area.rings]
    return element("area", text("areaDesc", (area.ko, area.en)[place]), *polygons)


def _polygon(id_: str, ring: Ring) -> str:
    """Return "latitude,longitude" pairs, the last like the first. Raises InputError."""
    for x, y in ring:
        if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90):
            raise InputError(f"district '{id_}': {x}, {y} is no longitude and latitude in degrees")
    pairs = [f"{y:.6f},{x:.6f}" for x, y in ring]
    if len(set(pairs)) < 3:
        raise InputError(f"district '{id_}': an outline needs three points or more, found {len(set(pairs))}")
    return " ".join(pairs if pairs[0] == pairs[-1] else [*pairs, pairs[0]])


def _moment(moment: datetime) -> str:
    """Return a time as the standard writes it: to the second, UTC as -00:00."""
    if moment.tzinfo is None:
        raise InputError(f"time {moment.isoformat()} of a CAP message has no zone")
    offset = timedelta(minutes=(moment.utcoffset() or timedelta()) // timedelta(minutes=1))  # no seconds in it
    said = moment.astimezone(timezone(offset)).isoformat(timespec="seconds")
    return said if offset else f"{said[:-6]}-00:00"


def _quoted(address: str) -> str:
    return f'"{address}"' if " " in address else address


def _check_head(head: Head) -> None:
    for what, value, words in _words(head):
        if value not in words:
            raise UsageError(f"{what} '{value}' of a CAP message is not known; {suggest(value, words)}")
    for what, value in _names(head):
        if not _NAME.fullmatch(value):
            raise UsageError(f"{what} {value!r:.80} of a CAP message must not be empty or hold blanks, commas, < or &")
    if head.type in {"Update", "Cancel", "Ack", "Error"} and not head.references:
        raise UsageError(f"a CAP message of type {head.type} says which earlier message it is about; give references")
    if head.scope == "Restricted" and not head.restriction.strip():
        raise UsageError("a CAP message of scope Restricted says who may see it; give a restriction")
    if head.scope == "Private" and not head.addresses:
        raise UsageError("a CAP message of scope Private says to whom it goes; give addresses")


def _words(head: Head) -> Iterator[tuple[str, str, Sequence[str]]]:
    yield "status", head.status, STATUSES
    yield "type", head.type, TYPES
    yield "scope", head.scope, SCOPES


def _names(head: Head) -> Iterator[tuple[str, str]]:
    yield "identifier", head.identifier
    yield "sender", head.sender
    for one in head.references:
        yield "identifier of a reference", one.identifier
        yield "sender of a reference", one.sender


def _check_alert(alert: Alert, areas: Mapping[str, Area]) -> None:
    for what, value, words in (
        ("event", alert.event, EVENTS),
        ("urgency", alert.urgency, URGENCIES),
        ("severity", alert.severity, SEVERITIES),
        ("certainty", alert.certainty, CERTAINTIES),
    ):
        if value not in words:
            raise UsageError(f"{what} '{value}' of an alert is not known; {suggest(value, words)}")
    if not alert.areas:
        raise InputError(f"alert '{alert.event}' names no district; a CAP message says where")
    for id_ in alert.areas:
        if id_ not in areas:
            raise MissingError(f"alert '{alert.event}': district '{id_}' is not there; {suggest(id_, areas)}")
