"""The fifteen nouns of a case, as frozen records.

A record says what an analyst may write; what the words mean as numbers stands in `scales`. Every
field's docstring is its help text: `suasion schema` and the editor show it.
"""

from suasion.case.records.actors import Actor, Demand, Goal, Lever, LeverSupply, Now, Tie
from suasion.case.records.case import Case, Header, Origin, Period, Scenario
from suasion.case.records.claims import Claim, Condition, Consequence, Observation
from suasion.case.records.evidence import Evidence, Paragraph, Reading, Source, Stated
from suasion.case.records.outcomes import (
    BaseRate,
    Earlier,
    LeverMeasure,
    Outcome,
    PhaseMeasure,
    Question,
    VariableMeasure,
)
from suasion.case.records.phases import Arrow, Event, Phase, Trigger
from suasion.case.records.variables import Derived, Effect, Influence, Ledger, Moderator, Nearness, Variable
from suasion.case.records.words import (
    Basis,
    Confidence,
    Date,
    Direction,
    Distribution,
    Id,
    Modality,
    Quantity,
    Record,
    Reference,
    ScenarioId,
    Sign,
    Status,
    Word,
)

__all__ = [
    "Actor",
    "Arrow",
    "BaseRate",
    "Basis",
    "Case",
    "Claim",
    "Condition",
    "Confidence",
    "Consequence",
    "Date",
    "Demand",
    "Derived",
    "Direction",
    "Distribution",
    "Earlier",
    "Effect",
    "Event",
    "Evidence",
    "Goal",
    "Header",
    "Id",
    "Influence",
    "Ledger",
    "Lever",
    "LeverMeasure",
    "LeverSupply",
    "Modality",
    "Moderator",
    "Nearness",
    "Now",
    "Observation",
    "Origin",
    "Outcome",
    "Paragraph",
    "Period",
    "Phase",
    "PhaseMeasure",
    "Quantity",
    "Question",
    "Reading",
    "Record",
    "Reference",
    "Scenario",
    "ScenarioId",
    "Sign",
    "Source",
    "Stated",
    "Status",
    "Tie",
    "Trigger",
    "Variable",
    "VariableMeasure",
    "Word",
]
