from procurement.imports.columns import MEANINGS
from procurement.imports.difference import Change, FilePlan, Line, Outcome, read_plan_file


__all__ = ["MEANINGS", "Change", "FilePlan", "Line", "Outcome", "read_plan_file"]
