from procurement.imports.cells import Reading
from procurement.imports.columns import EXTRA_MEANINGS, MEANINGS
from procurement.imports.days import Moment
from procurement.imports.difference import Change, FilePlan, Line, Outcome, read_plan_file
from procurement.imports.terms import Term


__all__ = [
    "EXTRA_MEANINGS", "MEANINGS", "Change", "FilePlan", "Line", "Moment", "Outcome", "Reading", "Term",
    "read_plan_file",
]  # fmt: skip
