"""A network as an input file of SWMM 5.2. Nodes are called N0, N1, ..., pipes L0, L1, ..., in the network's order."""

from __future__ import annotations

from twin.physics.drains.network import Network

HEADROOM = 30.0
"""m by which a shaft goes on above the ground: its head may rise above the street, and no water is lost there."""

OPTIONS = """\
[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
LINK_OFFSETS DEPTH
START_DATE 01/01/2000
START_TIME 00:00:00
REPORT_START_DATE 01/01/2000
REPORT_START_TIME 00:00:00
END_DATE 12/31/2029
END_TIME 00:00:00
ROUTING_STEP {step:g}
VARIABLE_STEP 0
LENGTHENING_STEP {step:g}
SURCHARGE_METHOD SLOT
INERTIAL_DAMPING PARTIAL
MIN_SURFAREA 0.5
REPORT_STEP 24:00:00
WET_STEP 24:00:00
DRY_STEP 24:00:00
IGNORE_RAINFALL YES
IGNORE_QUALITY YES
THREADS 1
"""
"""One thread: the order of sums must be the same in every run."""


def written(network: Network, step: float) -> str:
    """Return the text of the input file.

    step  s, of routing

    Shafts are storage units of constant area, so that head and volume go together above the pipes and above the
    street. Outfalls have flap gates. Heights count from the lowest node: SWMM calculates in feet.
    """
    floor = float(network.invert.min())
    lines = ["[TITLE]", "drains", OPTIONS.format(step=step), "[STORAGE]"]
    for i, invert in enumerate(network.invert - floor):
        if not network.outfall[i]:
            deep = max(network.rim[i] - network.invert[i], 0.0) + HEADROOM
            lines.append(f"N{i} {invert:.6f} {deep:.6f} 0 FUNCTIONAL 0 0 {network.shaft[i]:.6f} 0 0")
    lines.append("[OUTFALLS]")
    lines += [f"N{i} {network.invert[i] - floor:.6f} FREE YES" for i in network.outfall.nonzero()[0]]
    lines.append("[CONDUITS]")
    for j, (a, b) in enumerate(zip(network.start, network.end, strict=True)):
        up, down = network.top[j] - network.invert[a], network.foot[j] - network.invert[b]
        lines.append(f"L{j} N{a} N{b} {network.length[j]:.6f} {network.roughness[j]:g} {up:.6f} {down:.6f} 0 0")
    lines.append("[XSECTIONS]")
    lines += [f"L{j} CIRCULAR {d:.6f} 0 0 0 1" for j, d in enumerate(network.diameter)]
    lines += ["[REPORT]", "INPUT NO", "CONTROLS NO", "NODES NONE", "LINKS NONE"]
    return "\n".join(lines) + "\n"
