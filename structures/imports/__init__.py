from structures.imports.columns import ALIASES, FIELDS, KEY, label
from structures.imports.difference import Change, DirectoryPlan, Line, judge, plan
from structures.imports.reading import NO_HEADER, UNREAD_SHEET, Reading, read


__all__ = [
    "ALIASES",
    "FIELDS",
    "KEY",
    "NO_HEADER",
    "UNREAD_SHEET",
    "Change",
    "DirectoryPlan",
    "Line",
    "Reading",
    "judge",
    "label",
    "plan",
    "read",
]
