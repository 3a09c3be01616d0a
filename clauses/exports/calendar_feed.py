"""What is due, as entries of a calendar that other software subscribes to."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from clauses.enums import DueKind
from clauses.rules.agenda import Due
from config.lib.ics import Entry


SUMMARIES = {
    DueKind.ANSWER: "Réponse à l’acheteur",
    DueKind.CALIBRATION: "Calibrage",
    DueKind.DECISION: "Décision du service",
    DueKind.LAUNCH: "Lancement",
}


def entry(due: Due, path: str) -> Entry:
    return Entry(
        uid=f"{due.uid}@{urlsplit(settings.SITE_URL).hostname}",
        starts=due.due_on,
        ends=due.due_on + timedelta(days=1),
        summary=_summary(due),
        description="\n".join(_facts(due)),
        category=due.kind.label,
        url=f"{settings.SITE_URL}{path}",
    )


def _summary(due: Due) -> str:
    urgent = "Urgent – " if due.is_urgent else ""
    lines = f" ({due.lines} lignes)" if due.lines > 1 else ""
    span = f" ({due.launch_label})" if due.kind == DueKind.LAUNCH and due.is_approximate else ""
    return f"{urgent}{SUMMARIES[due.kind]}{span}\N{NO-BREAK SPACE}: {due.title}{lines}"


def _facts(due: Due) -> list[str]:
    said = [f"{due.buyer}, plan d’achats {due.year}", due.department]
    if due.starts_on:
        said.append(f"À faire entre le {due.starts_on:%d/%m/%Y} et le {due.due_on:%d/%m/%Y}.")
    if due.launch_label and due.kind != DueKind.LAUNCH:
        said.append(f"Lancement\N{NO-BREAK SPACE}: {due.launch_label}")
    if due.is_approximate:
        said.append("Jour du lancement inconnu\N{NO-BREAK SPACE}: compté depuis le premier de la période.")
    return [fact for fact in said if fact]
