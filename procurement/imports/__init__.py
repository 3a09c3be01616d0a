from procurement.imports.difference import Change, FilePlan, Line, Outcome, read_plan_file


__all__ = ["Change", "FilePlan", "Line", "Outcome", "read_plan_file"]
