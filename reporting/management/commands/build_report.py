"""`build_report buyer --buyer 21940028800015 --from 2027-01-01 --to 2027-12-31 --json`"""

import time
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts.models import Mandate, Office
from config.lib.commands import AnsweringCommand, Refusal
from config.lib.siret import clean
from jobs.models import Job
from procurement.models import Buyer
from reporting.enums import ReportKind
from reporting.models import ReportEdition
from reporting.rules import periods
from reporting.services import editions
from reporting.tasks import build_edition


ANNOUNCED = ("contract", "office", "observatory", "spaser")


class Command(AnsweringCommand):
    help = "Fabrique une édition de rapport, ici même, et dit où elle est."
    refusals = (*AnsweringCommand.refusals, periods.PeriodRefused, editions.BuyerNotServed)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", nargs="?", default="", metavar="KIND", help="buyer")
        parser.add_argument("--buyer", default="", metavar="SIRET", help="le SIRET de l’acheteur")
        parser.add_argument("--from", default="", dest="first_day", metavar="AAAA-MM-JJ", help="premier jour")
        parser.add_argument("--to", default="", dest="last_day", metavar="AAAA-MM-JJ", help="dernier jour")

    def answer(
        self, *, kind: str, buyer: str, first_day: str, last_day: str, **options: Any
    ) -> dict[str, Any]:
        if kind in ANNOUNCED:
            raise Refusal(
                f"Le rapport « {kind} » n’existe pas encore. Rapport possible : {ReportKind.BUYER}."
            )
        if kind != ReportKind.BUYER:
            raise Refusal(f"Rapport inconnu : « {kind} ». Rapport possible : {ReportKind.BUYER}.")
        bought_by = _buyer(buyer)
        job = editions.ask(
            office=_office(bought_by),
            buyer=bought_by,
            starts_on=_day("--from", first_day),
            ends_on=periods.day_after(_day("--to", last_day)),
            by=None,
            at=timezone.now(),
        )
        return _describe(_make(job))

    def sentences(self, answered: dict[str, Any]) -> list[str]:
        figures = answered["figures"]
        period = periods.describe(
            date.fromisoformat(figures["starts_on"]), date.fromisoformat(figures["ends_on"])
        )
        title = f"Rapport – {figures['buyer']}, {period}"
        return [
            f"{title} : édition {answered['edition']}, {answered['pages']} pages.",
            f"Fichier : {answered['path']}",
            f"SHA-256 : {answered['sha256']}",
        ]


def _buyer(siret: str) -> Buyer:
    if not siret:
        raise Refusal("Indiquez l’acheteur : --buyer suivi de son SIRET.")
    try:
        return Buyer.objects.select_related("organisation").get(organisation__siret=clean(siret))
    except (Buyer.DoesNotExist, ValueError) as error:
        raise Refusal(f"Aucun acheteur ne porte le SIRET « {siret} ».") from error


def _office(buyer: Buyer) -> Office:
    """The one that serves this buyer; the latest agreement, when several have followed one another."""
    mandates = Mandate.objects.filter(partner=buyer.pk).select_related("office__organisation")
    latest = list(mandates.order_by("-starts_on", "-pk")[:1])
    if not latest:
        raise Refusal(f"Aucun office n’a de convention avec « {buyer} ».")
    return latest[0].office


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"{option} attend un jour écrit AAAA-MM-JJ, pas « {text} ».") from error
    if not periods.FIRST_DAY <= day <= periods.LAST_DAY:
        raise Refusal(f"{option} attend un jour de ce siècle, pas « {text} ».")
    return day


def _make(job: Job) -> ReportEdition:
    """By the very task of the workers; if one of them has already taken the job, its edition is ours."""
    build_edition(job.pk)
    while not (job := Job.objects.get(pk=job.pk)).is_over:
        time.sleep(0.5)
        build_edition(job.pk)
    if job.has_failed:
        raise CommandError(job.error)
    return ReportEdition.objects.get(job=job)


def _describe(edition: ReportEdition) -> dict[str, Any]:
    return {
        "edition": edition.number,
        "path": _path(edition),
        "sha256": edition.sha256,
        "pages": edition.pages,
        "figures": edition.figures,
    }


def _path(edition: ReportEdition) -> str:
    try:
        return edition.file.path
    except NotImplementedError:
        # A bucket has names, no paths.
        return edition.file.name
