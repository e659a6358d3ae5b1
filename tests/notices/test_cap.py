from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import SHARED, without_shared_data
from tests.notices.cap_rules import NS, faults, schema
from twin.errors import InputError, MissingError, UsageError
from twin.model.response.proposal import Alert, Reason
from twin.notices import Area, Head, Reference, draft
from twin.notices.cap import CERTAINTIES, SCOPES, SEVERITIES, STATUSES, TYPES, URGENCIES

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2026, 7, 1, 14, tzinfo=SEOUL)
SQUARE = ((127.1, 36.8), (127.2, 36.8), (127.2, 36.9))
AREAS = {"d1": Area("신방동", "Sinbang-dong", (SQUARE,)), "d2": Area("용곡동", "Yonggok-dong", (SQUARE, SQUARE))}
WHY = (Reason("flood.warning", {"about": "d1", "chance": 0.83, "people": 1234.0, "minutes": 10.0}),)
ALERT = Alert("flood", "Immediate", "Severe", "Likely", 600.0, 4200.0, ("d1", "d2"), WHY)
HEAD = Head("gaon-1", "situation@gaon", START + timedelta(minutes=5))
EARLIER = Reference("situation@gaon", "gaon-0", START)
HOSTILE = "]]></description><status>Actual</status>&lt;&amp;<!--\x00\x1b\ud800\u202e\ufffe\x85 \"'"


def read(document: bytes) -> etree._Element:
    assert faults(document) == []
    return etree.fromstring(document)


def texts(root: etree._Element, name: str) -> list[str]:
    return [element.text for element in root.iter(f"{NS}{name}")]


def test_a_draft_says_it_in_korean_and_in_english() -> None:
    root = read(draft(ALERT, START, AREAS, HEAD))
    assert texts(root, "language") == ["ko-KR", "en"]
    assert texts(root, "event") == ["침수", "Flooding"]
    assert texts(root, "headline") == ["[훈련] 침수: 신방동, 용곡동", "[EXERCISE] Flooding: Sinbang-dong, Yonggok-dong"]
    korean, english = texts(root, "description")
    assert korean == "[훈련] 신방동: 약 10분 안에 침수될 수 있습니다 (가능성 83%, 위험 인원 약 1,234명)."
    assert english.startswith("[EXERCISE] Sinbang-dong: flooding may begin within some 10 min (chance 83%")
    assert texts(root, "areaDesc") == ["신방동", "용곡동", "Sinbang-dong", "Yonggok-dong"]
    assert (
        texts(root, "polygon")[0]
        == "36.800000,127.100000 36.800000,127.200000 36.900000,127.200000 36.800000,127.100000"
    )
    assert len(texts(root, "polygon")) == 6
    assert texts(root, "onset") == ["2026-07-01T14:10:00+09:00"] * 2
    assert texts(root, "expires") == ["2026-07-01T15:10:00+09:00"] * 2
    assert (texts(root, "status"), texts(root, "scope"), texts(root, "msgType")) == (
        ["Exercise"],
        ["Public"],
        ["Alert"],
    )


def test_only_an_actual_message_comes_without_a_mark() -> None:
    for status in STATUSES:
        root = read(draft(ALERT, START, AREAS, dataclasses.replace(HEAD, status=status)))
        marked = [headline.startswith("[") for headline in texts(root, "headline")]
        assert marked == [status != "Actual"] * 2


def test_utc_is_written_as_the_standard_wants_it() -> None:
    root = read(draft(ALERT, START.astimezone(UTC), AREAS, dataclasses.replace(HEAD, sent=START.astimezone(UTC))))
    assert texts(root, "sent") == ["2026-07-01T05:00:00-00:00"]
    assert texts(root, "onset")[0] == "2026-07-01T05:10:00-00:00"


def test_updates_and_cancels_name_the_message_they_are_about() -> None:
    for kind in ("Update", "Cancel"):
        with pytest.raises(UsageError, match="give references"):
            draft(ALERT, START, AREAS, dataclasses.replace(HEAD, type=kind))
        head = dataclasses.replace(HEAD, type=kind, references=(EARLIER, EARLIER))
        root = read(draft(ALERT, START, AREAS, head))
        assert texts(root, "references") == [" ".join(["situation@gaon,gaon-0,2026-07-01T14:00:00+09:00"] * 2)]
        assert texts(root, "responseType") == ["Prepare" if kind == "Update" else "AllClear"] * 2


def test_the_end_of_a_warning_tells_nobody_to_prepare() -> None:
    over = dataclasses.replace(ALERT, urgency="Past", reasons=(Reason("flood.over", {"about": "d1", "chance": 0.1}),))
    root = read(draft(over, START, AREAS, HEAD))
    assert texts(root, "responseType") == ["AllClear"] * 2
    assert texts(root, "instruction") == ["경보가 끝났습니다.", "The warning has ended."]


def test_scopes_come_with_what_they_need() -> None:
    with pytest.raises(UsageError, match="restriction"):
        draft(ALERT, START, AREAS, dataclasses.replace(HEAD, scope="Restricted"))
    with pytest.raises(UsageError, match="addresses"):
        draft(ALERT, START, AREAS, dataclasses.replace(HEAD, scope="Private"))
    read(draft(ALERT, START, AREAS, dataclasses.replace(HEAD, scope="Restricted", restriction="상황실")))
    root = read(draft(ALERT, START, AREAS, dataclasses.replace(HEAD, scope="Private", addresses=("a b", "c"))))
    assert texts(root, "addresses") == ['"a b" c']


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"event": "flod"}, UsageError, "Did you mean 'flood'"),
        ({"urgency": "Soon"}, UsageError, "urgency 'Soon'"),
        ({"severity": "Bad"}, UsageError, "severity 'Bad'"),
        ({"certainty": "Sure"}, UsageError, "certainty 'Sure'"),
        ({"areas": ()}, InputError, "names no district"),
        ({"areas": ("d3",)}, MissingError, "known: d1, d2"),
        ({"onset": 5000.0}, InputError, "not before its end"),
        ({"expires": float("nan")}, InputError, "not before its end"),
        ({"reasons": (Reason("flood.warnin"),)}, UsageError, "Did you mean 'flood.warning'"),
        ({"reasons": (Reason("flood.warning"),)}, InputError, "comes without about, chance"),
        ({"reasons": (Reason("flood.over", {"about": "d1", "chance": "high"}),)}, InputError, "chance is a number"),
    ],
)
def test_what_is_wrong_with_an_alert_is_said(change: dict, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        draft(dataclasses.replace(ALERT, **change), START, AREAS, HEAD)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"status": "Excercise"}, UsageError, "Did you mean 'Exercise'"),
        ({"type": "alert"}, UsageError, "Did you mean 'Alert'"),
        ({"scope": "All"}, UsageError, "scope 'All'"),
        ({"identifier": "a b"}, UsageError, "identifier 'a b'"),
        ({"identifier": ""}, UsageError, "identifier ''"),
        ({"sender": "a<b"}, UsageError, "sender"),
        ({"references": (Reference("a,b", "c", START),)}, UsageError, "sender of a reference"),
        ({"sent": datetime(2026, 7, 1)}, InputError, "zone"),
        ({"type": "Update", "references": (Reference("a", "c", datetime(2026, 7, 1)),)}, InputError, "zone"),
    ],
)
def test_what_is_wrong_with_the_envelope_is_said(change: dict, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        draft(ALERT, START, AREAS, dataclasses.replace(HEAD, **change))


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        ((), "three points"),
        (((127.0, 36.0),) * 4, "three points"),
        (((181.0, 36.0), *SQUARE), "no longitude"),
        (((127.0, float("nan")), *SQUARE), "no longitude"),
        (((36.8, 127.1), *SQUARE), "no longitude"),  # latitude and longitude mixed up
    ],
)
def test_an_outline_that_is_none_is_refused(ring: tuple, says: str) -> None:
    with pytest.raises(InputError, match=says):
        draft(ALERT, START, {**AREAS, "d1": Area("가", "a", (ring,))}, HEAD)


def test_hostile_text_stays_text() -> None:
    areas = {"d1": Area("가" + HOSTILE, "a" + HOSTILE, (SQUARE,))}
    head = dataclasses.replace(HEAD, name=(HOSTILE, HOSTILE), contact=HOSTILE, note=HOSTILE)
    root = read(draft(dataclasses.replace(ALERT, areas=("d1",)), START, areas, head))
    assert texts(root, "status") == ["Exercise"]
    assert len(list(root.iter(f"{NS}info"))) == 2
    assert texts(root, "contact")[0].startswith("]]></description><status>Actual</status>&lt;&amp;<!--")
    assert "\u202e" not in texts(root, "note")[0]
    assert not list(root.iter(etree.Comment))


def test_a_long_headline_is_cut() -> None:
    areas = {"d1": Area("가" * 300, "a" * 300, (SQUARE,))}
    root = read(draft(dataclasses.replace(ALERT, areas=("d1",)), START, areas, HEAD))
    assert [len(headline) for headline in texts(root, "headline")] == [160, 160]


ALERTS = st.builds(
    Alert, st.sampled_from(["flood", "fire", "crowd"]), st.sampled_from(URGENCIES), st.sampled_from(SEVERITIES),
    st.sampled_from(CERTAINTIES), st.floats(0, 1e6), st.floats(1e6 + 1, 2e6),
    st.sampled_from([("d1",), ("d2",), ("d2", "d1")]), st.sampled_from([(), WHY]),
)  # fmt: skip
HEADS = st.builds(
    Head, st.from_regex(r"[^\s,<&]{1,20}", fullmatch=True), st.just("a@b"), st.datetimes(timezones=st.just(SEOUL)),
    st.sampled_from(STATUSES), st.sampled_from(TYPES), st.sampled_from(SCOPES), st.just((EARLIER,)), st.just("r"),
    st.just(("x",)), st.tuples(st.text(st.characters()), st.text()), st.text(st.characters()), st.text(st.characters()),
)  # fmt: skip


@given(ALERTS, HEADS)
def test_every_draft_is_as_the_standard_says(alert: Alert, head: Head) -> None:
    document = draft(alert, START, AREAS, head)
    assert faults(document) == []
    assert document == draft(alert, START, AREAS, head)
    oasis = schema()
    if oasis is not None:
        oasis.assertValid(etree.fromstring(document))


def test_the_reader_of_these_tests_finds_what_is_wrong() -> None:
    good = draft(ALERT, START, AREAS, dataclasses.replace(HEAD, type="Update", references=(EARLIER,))).decode()
    assert faults(good.encode()) == []
    wrong = [
        ("<status>Exercise</status>", ""),
        ("<status>Exercise", "<status>Excercise"),
        ("<msgType>Update</msgType>", "<msgType>Update</msgType><status>Test</status>"),
        ("+09:00</sent>", "Z</sent>"),
        ("<category>Met</category>", ""),
        ("<areaDesc>신방동</areaDesc>", ""),
        ("<scope>Public", "<scope>Private"),
        ("36.900000,127.200000 36.800000,127.100000<", "36.900000,127.200000<"),
        ("<urgency>Immediate</urgency>", "<severity>Minor</severity>"),
        ("<info>", "<info><strange/>"),
        ("situation@gaon,gaon-0,", "situation@gaon,"),
        ("cap:1.2", "cap:1.1"),
    ]
    oasis = schema()
    beyond = {"<scope>Public", "36.900000,127.200000 36.800000,127.100000<", "situation@gaon,gaon-0,"}
    for old, new in wrong:
        assert old in good
        bad = good.replace(old, new, 1).encode()
        assert faults(bad) != [], old
        if oasis is not None and old not in beyond:  # the schema does not say everything that the text says
            assert not oasis.validate(etree.fromstring(bad)), old


def test_the_reader_of_these_tests_takes_the_example_of_the_standard() -> None:
    path = SHARED / "data" / "iot" / "cap" / "cap_amber_alert_example.xml"
    if not path.is_file():
        without_shared_data()
    assert faults(path.read_bytes()) == []
