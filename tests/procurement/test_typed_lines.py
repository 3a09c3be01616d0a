from datetime import date
from decimal import Decimal

import pytest

from procurement.enums import DatePrecision, Nature, Procedure
from procurement.imports.typed import BLANK, COLUMNS, UNKNOWN, write_line
from procurement.models import Family, Market
from procurement.services import markets, typed_lines
from procurement.services.typed_lines import TypedRow
from procurement.workflow import TransitionRefused
from tests.procurement.factories import MarketFactory, PurchasePlanFactory


@pytest.fixture
def plan(stage):
    return PurchasePlanFactory(buyer=stage.buyer, year=2027)


@pytest.fixture
def market(plan):
    return MarketFactory(plan=plan, title="Voirie")


def typed(market=None, **cells):
    """A row as it comes back from the page: these cells typed over what was shown."""
    seen = write_line(market) if market else BLANK
    return TypedRow("1", market and market.pk, seen | cells, seen)


def save(plan, buyer, *rows):
    return typed_lines.save(plan=plan, rows=rows, by=buyer)


def test_a_row_that_is_filled_becomes_a_line_with_its_lot(plan, stage, buyer):
    family = Family.objects.get(code="espaces-verts")
    row = typed(
        title="Taille des haies", department=stage.department.name.upper(), family=family.label,
        cpv="77310000-6", nature="services", amount="80 k€", procedure="MAPA", launch="T2 2027",
        duration="1 an renouvelable 3 fois", place="Rivebelle", labour="70 %",
    )  # fmt: skip

    [saved] = save(plan, buyer, row)

    line = plan.markets.get()
    assert (saved.is_saved, saved.market) == (True, line)
    assert (line.title, line.department, line.family, line.cpv_code) == (
        "Taille des haies", stage.department, family, "77310000",
    )  # fmt: skip
    assert (line.nature, line.procedure, line.place) == (Nature.SERVICES, Procedure.ADAPTED, "Rivebelle")
    assert (line.estimated_amount, line.labour_share) == (Decimal("80000.00"), Decimal("70.00"))
    assert (line.launch_on, line.launch_precision) == (date(2027, 4, 1), DatePrecision.QUARTER)
    assert (line.duration_months, line.renewals, line.renewal_months) == (12, 3, 12)
    assert line.lots.count() == 1


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "title"])
def test_what_a_cell_shows_is_read_again_as_the_same(plan, stage, buyer, name):
    market = MarketFactory(
        plan=plan, department=stage.department, family=Family.objects.get(code="espaces-verts"),
        cpv_code="77310000", nature=Nature.WORKS, estimated_amount=Decimal("1234567.50"),
        procedure=Procedure.DIRECT, launch_precision=DatePrecision.MONTH, launch_on=date(2027, 3, 1),
        renewals=3, renewal_months=12, place="Rivebelle", labour_share=Decimal("12.5"),
    )  # fmt: skip
    shown = write_line(market)

    [saved] = save(plan, buyer, typed(**(BLANK | {"title": "Copie", name: shown[name]})))

    assert write_line(saved.market)[name] == shown[name] != ""


@pytest.mark.parametrize("procedure", [one for one in Procedure if one != Procedure.UNKNOWN])
def test_every_procedure_of_the_list_is_understood(plan, buyer, procedure):
    [saved] = save(plan, buyer, typed(title="Voirie", procedure=procedure.label))

    assert saved.market.procedure == procedure


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("day", "15/03/2027"),
        ("month", "03/2027"),
        ("quarter", "T1 2027"),
        ("semester", "S1 2027"),
        ("year", "2027"),
    ],
)
def test_a_launch_is_written_as_precisely_as_it_is_known(market, precision, shown):
    market.launch_precision = precision

    assert write_line(market)["launch"] == shown


def test_only_the_cells_that_were_typed_over_are_written(plan, market, buyer):
    Market.objects.filter(pk=market.pk).update(renewals=2, renewal_months=0, duration_months=None)
    market.refresh_from_db()

    save(plan, buyer, typed(market, amount="90 000"))

    market.refresh_from_db()
    assert (market.estimated_amount, market.renewals) == (Decimal(90000), 2)


def test_an_emptied_cell_forgets_its_value(plan, stage, buyer):
    market = MarketFactory(plan=plan, department=stage.department, procedure=Procedure.OPEN)

    [saved] = save(
        plan, buyer, typed(market, department="", nature="", amount="", procedure="", launch="", duration="")
    )

    line = Market.objects.get()
    assert (line.department, line.nature, line.estimated_amount) == (None, Nature.UNKNOWN, None)
    assert (line.procedure, line.launch_on, line.duration_months) == (Procedure.UNKNOWN, None, None)
    assert saved.market.said_unknown == []


def test_not_known_is_kept_apart_from_not_asked(plan, market, buyer):
    [saved] = save(plan, buyer, typed(market, amount="?", labour="je ne sais pas", cpv="?"))

    market.refresh_from_db()
    assert market.estimated_amount is None
    assert market.said_unknown == ["estimated_amount", "labour_share"]
    assert "estimated_amount" not in market.missing
    assert "family" in market.missing
    assert write_line(saved.market)["amount"] == UNKNOWN


def test_what_becomes_known_is_no_longer_unknown(plan, market, buyer):
    save(plan, buyer, typed(market, amount="?", place="?"))
    market.refresh_from_db()

    save(plan, buyer, typed(market, amount="80 000"))

    market.refresh_from_db()
    assert market.said_unknown == market.unknowns == ["place"]


def test_a_value_that_came_from_elsewhere_is_stronger_than_not_known(plan, market, buyer):
    save(plan, buyer, typed(market, place="?"))

    Market.objects.filter(pk=market.pk).update(place="Rivebelle")

    market.refresh_from_db()
    assert market.said_unknown == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"amount": "beaucoup"}, "Ce montant ne se lit pas"),
        ({"amount": "999"}, "si vous ne savez pas"),
        ({"launch": "un jour"}, "Cette date ne se lit pas"),
        ({"duration": "longtemps"}, "Cette durée ne se lit pas"),
        ({"cpv": "12"}, "Un code CPV compte 8 chiffres"),
        ({"labour": "120"}, "Cette part ne se lit pas"),
        ({"nature": "fournitures et services"}, "la nature principale"),
        ({"nature": "poésie"}, "Ce mot n’est pas connu"),
        ({"department": "Espace vert 0"}, "Ce service n’est pas dans la liste"),
        ({"department": "zzz"}, "Choisissez dans la liste"),
        ({"family": "Espaces vert"}, "Vouliez-vous dire"),
        ({"title": ""}, "L’objet manque"),
        ({"title": "Total"}, "ligne de total"),
    ],
)
def test_a_cell_that_is_not_understood_holds_its_row_and_no_other(plan, market, buyer, cells, said):
    other = MarketFactory(plan=plan, title="Haies")

    refused, kept = save(plan, buyer, typed(market, place="Ici", **cells), typed(other, amount="90 000"))

    market.refresh_from_db()
    assert said in refused.problems[next(iter(cells))]
    assert (refused.is_saved, market.place) == (False, "")
    assert kept.is_saved


def test_a_new_row_without_its_title_is_not_a_line(plan, buyer):
    [refused] = save(plan, buyer, typed(amount="80 000"))

    assert "L’objet manque" in refused.problems["title"]
    assert not plan.markets.exists()


def test_a_range_is_kept_by_its_upper_bound_with_a_doubt(plan, market, buyer):
    [saved] = save(plan, buyer, typed(market, amount="200 000 à 250 000"))

    assert saved.market.estimated_amount == Decimal(250_000)
    assert "le plus haut est retenu" in saved.doubts["amount"]


def test_a_row_that_nobody_touched_is_left_alone(plan, market, buyer):
    untouched, blank = save(plan, buyer, typed(market), typed())

    assert (untouched.is_saved, untouched.market) == (False, market)
    assert (blank.is_saved, blank.market) == (False, None)
    assert plan.markets.count() == 1


def test_a_row_that_a_colleague_changed_is_refused_with_what_changed(plan, market, buyer, facilitator):
    row = typed(market, amount="90 000", title="Voirie et trottoirs")
    markets.edit(market=market, values={"estimated_amount": Decimal(70_000), "place": "Ici"}, by=facilitator)

    [refused] = save(plan, buyer, row)

    market.refresh_from_db()
    assert (market.title, market.estimated_amount) == ("Voirie", Decimal(70_000))
    assert str(facilitator) in refused.refusal
    assert "est devenu «\N{NO-BREAK SPACE}70 000\N{NO-BREAK SPACE}»" in refused.refusal
    assert "Lieu d’exécution : vide" in refused.refusal


def test_a_row_written_over_knowingly_is_saved(plan, market, buyer, facilitator):
    row = typed(market, amount="90 000")
    markets.edit(market=market, values={"estimated_amount": Decimal(70_000)}, by=facilitator)
    [refused] = save(plan, buyer, row)

    [saved] = save(plan, buyer, TypedRow("1", market.pk, row.cells, refused.current))

    assert saved.market.estimated_amount == Decimal(90_000)


def test_a_change_outside_the_table_is_no_conflict(plan, market, buyer, facilitator):
    row = typed(market, amount="90 000")
    markets.edit(market=market, values={"description": "Trottoirs compris"}, by=facilitator)

    [saved] = save(plan, buyer, row)

    assert (saved.is_saved, saved.market.description) == (True, "Trottoirs compris")


def test_a_change_without_a_trace_is_somebody_s(plan, market, buyer):
    row = typed(market, amount="90 000")
    Market.objects.filter(pk=market.pk).update(place="Ici")

    [refused] = save(plan, buyer, row)

    assert refused.refusal.startswith("Quelqu’un a modifié")


def test_a_row_that_left_the_plan_says_so(plan, market, buyer, facilitator):
    row, other = typed(market, amount="90 000"), MarketFactory()
    markets.remove(market=market, by=facilitator)

    gone, foreign = save(plan, buyer, row, typed(other, amount="1"))

    assert "retirée du plan" in gone.refusal
    assert "retirée du plan" in foreign.refusal


def test_a_plan_that_was_handed_in_takes_nothing(stage, buyer):
    plan = PurchasePlanFactory(buyer=stage.buyer, submitted=True)

    with pytest.raises(TransitionRefused, match="reprenez-le pour le modifier"):
        save(plan, buyer, typed(title="Voirie"))
