from typing import Any

from django.utils import timezone

from config.lib.commands import ImportCommand
from config.lib.french import format_number
from config.lib.intake import Counts, Issue
from procurement.imports.published_plan import PublishedPlan
from procurement.services import open_data


class Command(ImportCommand):
    help = (
        "Importe les marchés publiés par d’autres acheteurs (DECP : JSON v2 ou v1, CSV consolidé) ; "
        "à blanc sans --wet-run."
    )

    def answer(self, *, file: str, **options: Any) -> dict[str, Any]:
        is_json = file.lower().endswith(".json")
        self.line_word = "enregistrement" if is_json else "ligne"
        answered = super().answer(file=file, **options)
        if is_json:
            answered["issues"] = [_renamed(issue, "line", "record") for issue in answered["issues"]]
        return answered | {"contracts": self.contracts}

    def preview(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        return self._told(open_data.preview(name=name, content=content))

    def apply(self, name: str, content: bytes, **options: Any) -> tuple[Counts, list[Issue]]:
        return self._told(open_data.bring_in(name=name, content=content, by=None, at=timezone.now()))

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        issues = [_renamed(issue, "record", "line") for issue in answered["issues"]]
        return super().sentences(answered | {"issues": issues})

    def _told(self, plan: PublishedPlan) -> tuple[Counts, list[Issue]]:
        self.contracts = plan.contracts
        self.remarks = (f"Ces lignes décrivent {format_number(plan.contracts)} contrats.",)
        return plan.counts, plan.issues


def _renamed(issue: dict[str, Any], former: str, name: str) -> dict[str, Any]:
    return {name if key == former else key: value for key, value in issue.items()}
