"""The match against the peers, without them: a stand-in that serves as they do, and what is said when they are missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks import flood_peers
from tests.measures import Measure

STAND_IN = """
import json, sys
def say(**values): print(json.dumps(values), flush=True)
what, case = sys.argv[1:3]
me = dict(peer="stand-in", version="1.0")
if what == "dam":
    say(**me, depth=[1.5] * 1000, volume_error=0.0)
    sys.exit()
n = int(sys.argv[3])
say(**me, cells=n * n)
for line in sys.stdin:
    k = int(line)
    say(steps=k, cell_updates=k * n * n, cpu_s=k * n * n / 2e6, simulated_s=k / 4, volume_error=GAIN)
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a peer of 2 Mcell/s in the place of the real ones."""
    (tmp_path / "run_stub.py").write_text(STAND_IN.replace("GAIN", "1e-3"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(flood_peers, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(flood_peers, "SCRIPTS", "run_")
    monkeypatch.setattr(flood_peers, "PEERS", {"stub": "stand-in"})
    return tmp_path


def test_ratios_are_ours_over_theirs(stand_in: Path) -> None:
    played = {("dam_break", "1M"): flood_peers.play("dam_break", 100, ["stub"], 12, 3)}
    match = played["dam_break", "1M"]
    assert match.speed("stub") == pytest.approx(2.0)
    assert match.gained["stub"] == pytest.approx(1e-3)
    assert match.versions == {"stub": "stand-in 1.0"}
    played |= {(case, "250k"): match for case in flood_peers.STARTS}
    found = {m.name: m for m in flood_peers.ratios("stub", played)}
    assert found["flood.vs_stub.ratio"].value == pytest.approx(match.speed("first_order") / 2)
    assert found["flood.vs_stub.second_order.ratio"].value == pytest.approx(match.speed("second_order") / 2)
    assert found["flood.vs_stub.ratio"].bound == ">= 15"
    assert "stand-in 1.0: 2, ours" in (found["flood.vs_stub.ratio"].peer or "")
    # a quarter of a second per step of 10,000 cells, at 2e6 cell updates per second
    assert match.turns[0]["stub"].event == pytest.approx(0.25 * 2)


def test_errors_are_measured_against_the_exact_dam_break(stand_in: Path) -> None:
    found = {m.name: m for m in flood_peers.errors("stub")}
    ours = found["flood.vs_stub.stoker.second_order.l1_m"]
    assert ours.value < 0.002
    assert ours.peer_value == pytest.approx(0.39, abs=0.05)  # 1.5 m everywhere


def test_a_peer_that_leaves_the_numbers_is_not_measured(stand_in: Path) -> None:
    (stand_in / "run_stub.py").write_text(STAND_IN.replace("GAIN", "float('nan')"))
    with pytest.raises(RuntimeError, match="stub left the numbers on dam_break"):
        flood_peers.play("dam_break", 50, ["stub"], 6, 1)


def test_a_peer_that_does_not_start_is_an_error(stand_in: Path) -> None:
    (stand_in / "run_stub.py").write_text("raise SystemExit(3)")
    with pytest.raises(RuntimeError, match="run_stub ended with 3"):
        flood_peers.play("dam_break", 50, ["stub"], 6, 1)


def test_missing_peers_are_said_aloud_and_give_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = flood_peers.ROOT / "build" / "no_peers" / "venv" / "bin" / "python"
    monkeypatch.setattr(flood_peers, "PYTHON", missing)
    asked = []
    monkeypatch.setattr(flood_peers, "play", lambda *args: asked.append(args) or flood_peers.Match([turn()], {}, {}))
    found: list[Measure] = list(flood_peers.measure(False))
    assert found
    assert not [m.name for m in found if ".vs_" in m.name]
    assert all(peers == [] for _, _, peers, _, _ in asked)
    assert "make peers" in capsys.readouterr().err


def turn() -> dict[str, flood_peers.Turn]:
    """Return a turn of ours."""
    return {name: flood_peers.Turn(1.0, 1.0) for name in flood_peers.ORDERS.values()}
