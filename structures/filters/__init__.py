from structures.filters.directory import StructureFilter


__all__ = ["StructureFilter"]
