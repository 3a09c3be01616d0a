"""A column declared once serves the screen and the workbook."""

from datetime import datetime

import django_tables2 as tables
from django.db.models import F
from django.utils.html import format_html

from config.lib.french import format_number, join_words
from config.lib.spreadsheet import Column, Sheet, write_csv, write_workbook
from procurement.models import Market
from procurement.templatetags.purchases import launch


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
    def render(self, value):
        return format_number(value, 0 if value == value.to_integral_value() else 2)

    def value(self, value):
        return value

    def order(self, rows, is_descending):
        return rows.order_by(*nulls_last("estimated_amount", is_descending=is_descending)), True


class LaunchColumn(tables.Column):
    """As precisely as people know it on the screen; a day that sorts in the workbook."""

    def render(self, record):
        return launch(record)

    def value(self, value):
        return value

    def order(self, rows, is_descending):
        return rows.order_by(*nulls_last("launch_on", is_descending=is_descending)), True


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


def workbook(table: tables.Table, *, name: str, created_at: datetime) -> bytes:
    titles, *rows = table.as_values()
    return write_workbook([Sheet(name, [Column(title) for title in titles], rows)], created_at=created_at)


def csv(table: tables.Table) -> bytes:
    titles, *rows = table.as_values()
    return write_csv(titles, rows)
