"""What the command line says: JSON with keys that other programs rely on, and lines and tables for people.

runs     runs, their books, findings and ensembles      city     what a twin holds
impact   what an assessment found, by hazard            flood    the tables of water
fire     the lines and tables of fires                  compare  two runs side by side
response proposals, decisions and scores
"""

from __future__ import annotations

from twin.facts.city import city_facts
from twin.facts.compare import compare_rows
from twin.facts.fire import outcome_lines
from twin.facts.impact import impact_lines, impact_tables
from twin.facts.response import decision_lines, proposal_lines, proposal_rows, score_lines, score_rows
from twin.facts.runs import budget_tables, ensemble_rows, finding_lines, run_facts, run_lines, stopped

__all__ = [
    "budget_tables",
    "city_facts",
    "compare_rows",
    "decision_lines",
    "ensemble_rows",
    "finding_lines",
    "impact_lines",
    "impact_tables",
    "outcome_lines",
    "proposal_lines",
    "proposal_rows",
    "run_facts",
    "run_lines",
    "score_lines",
    "score_rows",
    "stopped",
]
