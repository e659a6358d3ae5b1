"""How good a plan could be at best: a bound proven by the CP-SAT solver of OR-Tools, which is optional.

One worker, a fixed seed and a limit in deterministic time, never by the clock: so the same bound comes out every time.
On more than a few dozen tasks the bound is loose: it says how much weight cannot be excluded, not what can be had.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from twin.coordination.problem import FAR, FINE, TICK, Case, Problem, driving
from twin.coordination.tasks import Plan
from twin.errors import MissingError


@dataclass(frozen=True, slots=True)
class Bound:
    """What the solver found.

    met     weight done in time by its own plan
    bound   weight that no plan can exceed; equal to `met` where it is the optimum
    routes  of its plan, numbers of tasks
    """

    met: float
    bound: float
    routes: tuple[tuple[int, ...], ...]


def bound(case: Case, plan: Plan, seconds: float = 8.0, seed: int = 1) -> Bound:
    """Return the bound on the weight that can be done in time; shared resources count as in `problem.case`.

    plan     from which it starts, as `auction` or `improve` make it
    seconds  of deterministic time, in the solver's own unit

    Raises MissingError where OR-Tools is not installed.
    """
    model = _model()
    p = case.numbers
    routes, literal, start = _circuits(model, p)
    done = [sum(routes[u][j] for u in range(len(p.pace))) for j in range(len(p.weight))]
    for times in done:
        model.add(times <= 1)
    for r in range(len(p.capacity)):
        uses = [
            (j, int(p.amount[k])) for j in range(len(done)) for k in range(p.first[j], p.first[j + 1]) if p.used[k] == r
        ]
        model.add(sum(amount * done[j] for j, amount in uses) <= int(p.capacity[r]))
    model.maximize(sum(int(p.weight[j]) * times for j, times in enumerate(done)))
    _hint(model, plan, p, literal, start)
    solver = _solver(seconds, seed)
    if solver.status_name(solver.solve(model)) not in {"OPTIMAL", "FEASIBLE"}:
        return Bound(0.0, solver.best_objective_bound / FINE, tuple(() for _ in p.pace))
    order = [
        tuple(sorted((j for j in range(len(done)) if solver.value(served[j])), key=lambda j: solver.value(start[j])))
        for served in routes
    ]
    return Bound(solver.objective_value / FINE, solver.best_objective_bound / FINE, tuple(order))


def _library() -> Any:
    try:
        return import_module("ortools.sat.python.cp_model")
    except ImportError as error:
        raise MissingError(
            "the bound on a plan needs OR-Tools, which is not installed: pip install 'gaon-twin[bound]'. "
            "Plans are made without it."
        ) from error


def _model() -> Any:
    return _library().CpModel()


def _solver(seconds: float, seed: int) -> Any:
    solver = _library().CpSolver()
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = seconds
    return solver


def _circuits(model: Any, p: Problem) -> tuple[list[list[Any]], dict[tuple[int, int, int], Any], list[Any]]:
    """Return whether a unit does a task, goes from one to another (-1: begins, ends with it), and when each begins."""
    units, tasks = p.allowed.shape
    last = [max(int(p.deadline[j] - p.service[j]), 0) for j in range(tasks)]
    start = [model.new_int_var(min(int(p.earliest[j]), last[j]), last[j], f"start {j}") for j in range(tasks)]
    routes: list[list[Any]] = []
    literal: dict[tuple[int, int, int], Any] = {}
    for u in range(units):
        served = [model.new_bool_var(f"{u} does {j}") for j in range(tasks)]
        arcs = [(0, 0, model.new_bool_var(f"{u} idle"))]
        for j in range(tasks):
            begin, end = model.new_bool_var(""), model.new_bool_var("")
            literal[u, -1, j], literal[u, j, -1] = begin, end
            arcs += [(j + 1, j + 1, ~served[j]), (0, j + 1, begin), (j + 1, 0, end)]
            ready = int(p.free[u]) + driving(p, u, u, j)
            if (
                p.allowed[u, j]
                and p.travel[u, j] < FAR
                and max(ready, int(p.earliest[j])) <= last[j]
                and p.deadline[j] >= p.service[j]
            ):
                model.add(start[j] >= ready).only_enforce_if(begin)
            else:
                model.add(begin == 0)
            if not p.allowed[u, j] or p.earliest[j] + p.service[j] > p.deadline[j]:
                model.add(served[j] == 0)
            for k in range(tasks):
                drive = driving(p, u, units + j, k)
                if k == j or drive > p.deadline[k]:
                    continue
                literal[u, j, k] = model.new_bool_var("")
                arcs.append((j + 1, k + 1, literal[u, j, k]))
                model.add(start[k] >= start[j] + int(p.service[j]) + drive).only_enforce_if(literal[u, j, k])
        model.add_circuit(arcs)
        routes.append(served)
    return routes, literal, start


def _hint(model: Any, plan: Plan, p: Problem, literal: dict[tuple[int, int, int], Any], start: list[Any]) -> None:
    """Let the solver start from a plan."""
    used = set()
    for u, route in enumerate(plan.routes):
        stops = [stop.task for stop in route]
        used |= {(u, a, b) for a, b in zip([-1, *stops], [*stops, -1], strict=True)} if stops else set()
        for stop in route:
            model.add_hint(start[stop.task], round(stop.done * TICK) - int(p.service[stop.task]))
    for key, variable in literal.items():
        model.add_hint(variable, key in used)
