from structures.models.directory_file import DirectoryFile
from structures.models.structure import Structure


__all__ = ["DirectoryFile", "Structure"]
