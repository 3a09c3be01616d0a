from typing import Any

from django.utils import timezone

from config.lib.commands import ImportCommand
from config.lib.french import format_number
from config.lib.intake import Counts, Issue
from structures import imports
from structures.services import directory


class Command(ImportCommand):
    help = "Importe le répertoire des structures (.csv, .xlsx, .ods, .json) ; à blanc sans --wet-run."

    def preview(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        return self._told(directory.preview(reading=imports.read(content, name)))

    def apply(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        return self._told(directory.bring_in(name=name, content=content, by=None, at=timezone.now()))

    def _told(self, plan: imports.DirectoryPlan) -> tuple[Counts, list[Issue]]:
        if plan.gone:
            gone = format_number(len(plan.gone))
            self.remarks = (f"{gone} fiches du répertoire ne sont plus dans ce fichier : elles restent.",)
        return plan.counts, plan.issues
