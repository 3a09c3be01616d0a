from structures.imports.directory import (
    ALIASES,
    FIELDS,
    KEY,
    NO_HEADER,
    UNREAD_SHEET,
    Change,
    DirectoryPlan,
    Line,
    Reading,
    judge,
    label,
    plan,
    read,
)


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
