"""The kernel behind `driving`: cars go from event to event, the earliest first, of two at once the lower number."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called, kernel

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Long = NDArray[np.int64]
Whole = NDArray[np.int32]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]

#: what becomes of a car
WAITING, DRIVING, STUCK, ARRIVED, RESCUED, NO_WAY = range(6)
#: what its next event is: it stands at a node; comes to the end of its edge; is let off it
NODE, END, EXIT = range(3)
TURNS = 5
"""Edges at which somebody turns round before he gives up and waits where he is (design)."""


@called
def _around(
    here: int, goal: int, ahead: Floats, closed: Flags, marked: Flags,
    out: Long, edge: Whole, other: Whole, seconds: Floats, best: Floats, come: Whole,
) -> bool:  # fmt: skip
    """Find the fastest way without marked edges, and leave it in `come`: the edge by which each node is reached.

    ahead  (n,) s to the goal with marked edges: never more than without them, so the search (A*) goes straight on
    """
    if ahead[here] == np.inf:
        return False
    best[:] = np.inf
    best[here] = 0.0
    queue = [(float(ahead[here]), np.int64(here))]  # of one type, as compiled
    while len(queue) > 0:
        total, node = heappop(queue)
        if node == goal:
            return True
        if total > best[node] + ahead[node]:
            continue
        for place in range(out[node], out[node + 1]):
            one, there = edge[place], other[place]
            if marked[one] or closed[one] or ahead[there] == np.inf:
                continue
            takes = best[node] + seconds[one]
            if takes < best[there]:
                best[there], come[there] = takes, one
                heappush(queue, (float(takes + ahead[there]), np.int64(there)))
    return False


@kernel
def drive(
    end: float, heap: Whole, depth: Singles,
    # of edges, and who meets at a node
    seconds: Floats, headway: Floats, first: Whole, last: Whole, wave: Floats, free: Floats, closed: NDArray[np.bool_],
    out: Long, out_edge: Whole, out_node: Whole,
    # of trips
    goal: Whole, kind: Bytes, cautious: Flags, limit: Singles, share: Floats, unit: int, plain: int,
    # of cars
    due: Floats, phase: Bytes, status: Bytes, node: Whole, edge: Whole, since: Floats, left: Floats, arrived: Floats,
    # ways
    row: Whole, second: Whole, table: Whole, ahead: Floats,
    # who has turned round
    astray: Flags, mark: Whole, at: Long, stop: Long, used: Long, way: Whole, marks: Whole,
) -> bool:  # fmt: skip
    """Carry all events before `end` s out, in place; return False when `way` or `marks` is full: call again with more.

    heap      (m,) all cars, a heap by time of their next event;   depth  (k,) m, as it is all the time until `end`
    headway   (k,) s between two cars;   wave  (k,) as in `Cars`;  free   (k, 2) s when the next is let off, either way
    closed    (kinds, k) what drivers know to be closed;           out... (n + 1,), (2 k,) edges at each node
    row       (m,) of `table`, the next edge of each node, and `ahead`, s to the goal, that a car goes by
    second    (m,) the same where the first knows no way, -1: none
    astray    (m,) has turned round and looks for a way;           mark   (m,) the first of its edges in `marks`, -1
    marks     (u, 2) an edge that it has turned round at, and where the one before stands
    at, stop  (m,) where in `way` its edges stand up to where its row leads on;   used  (2,) of `way` and `marks`
    """
    best, come, marked = np.empty(len(out) - 1), np.empty(len(out) - 1, np.int32), np.zeros(len(seconds), np.bool_)
    while len(heap) > 0 and due[heap[0]] < end:
        car = heap[0]
        now = due[car]
        if phase[car] == END:
            one = edge[car]
            leave = now
            if not (kind[car] == unit and wave[one] > 1.0):
                side = 0 if node[car] == last[one] else 1
                leave = max(now, free[one, side])
                free[one, side] = leave + headway[one]
            phase[car], due[car] = EXIT, leave
        else:
            if used[0] + len(best) > len(way) or used[1] == len(marks):
                return False
            phase[car], edge[car], status[car] = NODE, -1, DRIVING
            here = node[car]
            one = -1
            if here != goal[car]:
                if astray[car] and at[car] == stop[car]:
                    place = mark[car]
                    while place >= 0:
                        marked[marks[place, 0]] = True
                        place = marks[place, 1]
                    by, sure = row[car], True
                    found = _around(
                        here,
                        goal[car],
                        ahead[by],
                        closed[kind[car]],
                        marked,
                        out,
                        out_edge,
                        out_node,
                        seconds,
                        best,
                        come,
                    )
                    if not found and second[car] >= 0:
                        by, sure = second[car], False
                        found = _around(
                            here,
                            goal[car],
                            ahead[by],
                            closed[plain],
                            marked,
                            out,
                            out_edge,
                            out_node,
                            seconds,
                            best,
                            come,
                        )
                    if found:  # it is kept from here to where its row leads on; or one edge, where the first knows none
                        there, length, begun = goal[car], 0, False
                        while there != here:
                            one = come[there]
                            there = first[one] + last[one] - there
                            leads = table[row[car], there]
                            if leads < 0 and second[car] >= 0:
                                leads = table[second[car], there]
                            begun = begun or leads != one
                            if begun:
                                length += 1
                                way[used[0] + len(best) - length] = one
                        if sure:
                            astray[car] = False
                            at[car] = used[0]
                            for i in range(length):
                                way[used[0] + i] = way[used[0] + len(best) - length + i]
                            used[0] += length
                            stop[car] = used[0]
                            one = -1
                    place = mark[car]
                    while place >= 0:
                        marked[marks[place, 0]] = False
                        place = marks[place, 1]
                if at[car] < stop[car]:
                    one = way[at[car]]
                elif not astray[car]:
                    one = table[row[car], here]
                    if one < 0 and second[car] >= 0:
                        one = table[second[car], here]
            if here == goal[car]:
                status[car], arrived[car], due[car] = ARRIVED, now, np.inf
            elif one < 0:
                status[car], since[car], due[car] = NO_WAY, now, np.inf
            elif depth[one] > limit[car] and cautious[car]:
                marks[used[1], 0], marks[used[1], 1] = one, mark[car]
                mark[car] = used[1]
                used[1] += 1
                astray[car], at[car], stop[car] = True, 0, 0
                turns, place = 0, mark[car]
                while place >= 0:
                    turns, place = turns + 1, marks[place, 1]
                if turns >= TURNS:
                    status[car], since[car], due[car] = NO_WAY, now, np.inf
            else:
                if at[car] < stop[car]:
                    at[car] += 1
                edge[car], phase[car] = one, END
                node[car] = first[one] + last[one] - here
                takes = seconds[one] / (share[car] * (wave[one] if kind[car] == unit else 1.0))
                if depth[one] > limit[car]:
                    status[car], since[car], left[car], due[car] = STUCK, now, takes, np.inf
                else:
                    due[car] = now + takes
        place = 0  # the root of the heap has changed: it sinks
        while 2 * place + 1 < len(heap):
            lower = 2 * place + 1
            other = lower + 1
            if other < len(heap):
                a, b = heap[other], heap[lower]
                if due[a] < due[b] or (due[a] == due[b] and a < b):
                    lower = other
            a, b = heap[lower], heap[place]
            if due[b] < due[a] or (due[b] == due[a] and b < a):
                break
            heap[lower], heap[place] = b, a
            place = lower
    return True
