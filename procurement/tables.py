"""A column declared once serves the screen and the workbook."""

from datetime import datetime

import django_tables2 as tables
from django.db.models import F
from django.utils.html import format_html

from config.lib.french import format_date_short, format_number, join_words
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from procurement.models import AwardedContract, Market
from procurement.templatetags.purchases import awarded_badge, launch


WIDE = {"cell": {"class": "d-none d-lg-table-cell"}}
NUMBER = {"cell": {"class": "number"}}


def unseen(label: str, **options) -> tables.Column:
    """In the workbook alone."""
    return tables.Column(label, visible=False, orderable=False, **options)


def nulls_last(column: str, *, is_descending: bool) -> tuple:
    """What is not known comes at the end, whatever the order and the database."""
    direction = F(column).desc if is_descending else F(column).asc
    return direction(nulls_last=True), "pk"


SOONEST_FIRST = nulls_last("launch_on", is_descending=False)


class AmountColumn(tables.Column):
    def __init__(self, *args, field: str = "estimated_amount", **options):
        super().__init__(*args, **options)
        self.field = field

    def render(self, value):
        return format_number(value, 0 if value == value.to_integral_value() else 2)

    def value(self, value):
        return value

    def order(self, rows, is_descending):
        return rows.order_by(*nulls_last(self.field, is_descending=is_descending)), True


class LaunchColumn(tables.Column):
    """As precisely as people know it on the screen; a day that sorts in the workbook."""

    def render(self, record):
        return launch(record)

    def value(self, value):
        return value

    def order(self, rows, is_descending):
        return rows.order_by(*nulls_last("launch_on", is_descending=is_descending)), True


class DayColumn(tables.Column):
    def __init__(self, *args, field: str, **options):
        super().__init__(*args, **options)
        self.field = field

    def render(self, value):
        return format_date_short(value)

    def value(self, value):
        return value

    def order(self, rows, is_descending):
        return rows.order_by(*nulls_last(self.field, is_descending=is_descending)), True


class MarketTable(tables.Table):
    """Markets of any plans. Rows come with their plan, buyer, department, family and programmes."""

    title = tables.Column(
        "Objet du marché", order_by=("search_text", "pk"), attrs={"td": {"class": "cell-title"}}
    )
    buyer = tables.Column(
        "Acheteur",
        accessor="plan__buyer__organisation__name",
        order_by=("plan__buyer__organisation__name", "pk"),
        attrs=WIDE,
    )
    year = tables.Column("Plan", accessor="plan__year", order_by=("plan__year", "pk"), attrs=WIDE)
    state = unseen("État du plan", accessor="plan__state")
    reference = unseen("Référence")
    department = tables.Column(
        "Service", accessor="department__name", order_by=("department__name", "pk"), attrs=WIDE
    )
    family = tables.Column("Famille", accessor="family__label", order_by=("family__label", "pk"), attrs=WIDE)
    nature = unseen("Nature")
    cpv_code = unseen("Code CPV")
    procedure = unseen("Procédure")
    launch_on = LaunchColumn("Lancement", attrs=WIDE)
    launch_precision = unseen("Précision du lancement")
    duration_months = unseen("Durée ferme (mois)")
    place = unseen("Lieu d’exécution")
    programmes = unseen("Programmes", empty_values=())
    estimated_amount = AmountColumn("Montant (€\u00a0HT)", attrs=NUMBER)

    class Meta:
        model = Market
        fields = ()
        template_name = "components/table.html"
        order_by = "launch_on"

    caption = "Marchés"

    def __init__(self, *args, of_one_buyer: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.of_one_buyer = of_one_buyer
        self.columns.hide("buyer" if of_one_buyer else "year")

    def render_title(self, record):
        around = [f"plan\u00a0{record.plan.year}", launch(record)]
        if not self.of_one_buyer:
            around.insert(0, str(record.plan.buyer))
        return format_html(
            '<a class="row-link" href="{}">{}</a>{}<span class="sub d-lg-none">{}</span>',
            record.get_absolute_url(),
            record.title,
            format_html('<span class="sub">{}</span>', record.reference) if record.reference else "",
            " · ".join(filter(None, around)),
        )

    def value_title(self, value):
        return value

    def render_buyer(self, value, record):
        return format_html('{}<span class="sub">plan {}</span>', value, str(record.plan.year))

    def value_buyer(self, value):
        return value

    def render_year(self, value):
        # Not a quantity: no space between the thousands.
        return str(value)

    def value_year(self, value):
        return value

    def render_programmes(self, record):
        return join_words([programme.label for programme in record.programmes.all()])


class AwardedTable(tables.Table):
    """Contracts that other buyers published."""

    title = tables.Column("Objet", order_by=("search_text", "pk"), attrs={"td": {"class": "cell-title"}})
    buyer_name = unseen("Acheteur")
    buyer_siret = unseen("SIRET de l’acheteur")
    reference = unseen("Identifiant")
    legal_nature = unseen("Nature du contrat")
    nature = unseen("Nature")
    cpv_code = tables.Column("CPV", order_by=("cpv_code", "pk"), attrs=WIDE)
    procedure = unseen("Procédure")
    department_code = tables.Column("Dépt.", order_by=("department_code", "pk"), attrs=WIDE)
    region_code = unseen("Région")
    duration_months = unseen("Durée (mois)")
    notified_on = DayColumn("Notifié le", field="notified_on", attrs=WIDE)
    social = tables.Column("Considération sociale", order_by=("social", "pk"))
    clause = unseen("Clause sociale", accessor="has_clause")
    criterion = unseen("Critère social", accessor="has_criterion")
    reserved = unseen("Marché réservé", accessor="is_reserved")
    offers = unseen("Offres reçues")
    contractors = unseen("Titulaires")
    initial_amount = unseen("Montant initial (€ HT)")
    modified_on = unseen("Modifié le")
    source = unseen("Fichier d’origine")
    amount = AmountColumn("Montant (€\u00a0HT)", field="amount", attrs=NUMBER)

    class Meta:
        model = AwardedContract
        fields = ()
        template_name = "components/table.html"
        order_by = "-notified_on"

    caption = "Marchés publiés"

    def render_title(self, record):
        around = [record.buyer, record.department_code]
        return format_html(
            '<a class="row-link" href="{}">{}</a><span class="sub">{}</span>',
            record.get_absolute_url(),
            record,
            " · ".join(filter(None, around)),
        )

    def value_title(self, value):
        return value

    def render_social(self, record):
        return awarded_badge(record)

    def value_social(self, record):
        return record.get_social_display()

    def value_contractors(self, value):
        return join_words([contractor["name"] or contractor["id"] for contractor in value])

    def value_clause(self, value):
        return _yes_or_no(value)

    def value_criterion(self, value):
        return _yes_or_no(value)

    def value_reserved(self, value):
        return _yes_or_no(value)


def _yes_or_no(value: bool) -> str:  # noqa: FBT001
    return "oui" if value else "non"


def workbook(table: tables.Table, *, name: str, created_at: datetime) -> bytes:
    titles, *rows = table.as_values()
    return write_workbook([Sheet(name, [Column(title) for title in titles], rows)], created_at=created_at)


def csv(table: tables.Table) -> bytes:
    titles, *rows = table.as_values()
    return write_csv(titles, rows)
