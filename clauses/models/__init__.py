from clauses.models.clause import Clause, HoursMovement
from clauses.models.declaration import Declaration, HourEntry
from clauses.models.derogation import Derogation
from clauses.models.line_suggestion import LineSuggestion
from clauses.models.participant import Eligibility, Participant, Placement
from clauses.models.proposal import DecisionLink, Proposal
from clauses.models.reference import Public, ReferenceValue
from clauses.models.screening import Screening, is_told, with_verdicts
from clauses.models.shared_need import SharedNeedNote
from clauses.models.suggestion import Suggestion
from clauses.models.suggestion_rule import SuggestionRule
from clauses.models.urgency import Urgency, with_urgencies, with_urgency
from clauses.models.wording import ClauseText, ClauseWording


__all__ = [
    "Clause",
    "ClauseText",
    "ClauseWording",
    "DecisionLink",
    "Declaration",
    "Derogation",
    "Eligibility",
    "HourEntry",
    "HoursMovement",
    "LineSuggestion",
    "Participant",
    "Placement",
    "Proposal",
    "Public",
    "ReferenceValue",
    "Screening",
    "SharedNeedNote",
    "Suggestion",
    "SuggestionRule",
    "Urgency",
    "is_told",
    "with_urgencies",
    "with_urgency",
    "with_verdicts",
]
