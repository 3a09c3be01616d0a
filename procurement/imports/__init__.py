from procurement.imports.difference import Change, Correction, FilePlan, Line, Outcome, read_plan_file


__all__ = ["Change", "Correction", "FilePlan", "Line", "Outcome", "read_plan_file"]
