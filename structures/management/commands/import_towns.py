from typing import Any

from config.lib.commands import ImportCommand
from config.lib.intake import Counts, Issue
from structures.services import towns


class Command(ImportCommand):
    help = "Importe les communes et leurs coordonnées (.csv, .xlsx, .ods) ; à blanc sans --wet-run."

    def preview(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        found = towns.preview(name=name, content=content)
        return found.counts, found.issues

    def apply(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        found = towns.bring_in(name=name, content=content)
        return found.counts, found.issues
