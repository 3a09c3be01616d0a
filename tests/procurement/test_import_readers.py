"""What a cell of a purchase plan says: amounts, moments, terms, words."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from config.lib.french import format_amount, format_date_long, format_date_short, format_number
from procurement.enums import DatePrecision, Nature, Procedure, SocialIntent
from procurement.imports import amounts, days, terms, vocabulary
from procurement.imports.amounts import read_amount
from procurement.imports.cells import NOTHING, Reading, plain, text, words
from procurement.imports.days import Moment, as_kept, read_day, read_moment
from procurement.imports.terms import Term, read_term


ANY_CELL = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="0123456789 .,-/€kmKM'aàtT", max_size=30),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
# Written as amounts and read as such: placeholders and the implausible left out.
AMOUNTS = st.decimals(min_value=Decimal(1_235), max_value=Decimal(4_999_999_999), places=2).filter(
    lambda amount: not amounts._is_placeholder(amount)
)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("80 000", 80_000),
        ("80 000 €", 80_000),
        ("80 000 € HT", 80_000),
        ("80000ht", 80_000),
        ("80k€", 80_000),
        ("80 K€", 80_000),
        ("1,2 M€", 1_200_000),
        ("1.2M", 1_200_000),
        ("1.250 M€", 1_250_000),
        ("1,2 millions d’euros", 1_200_000),
        ("2 Md€", 2_000_000_000),
        ("33 000 000,00 €", 33_000_000),
        ("33\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}000,00\N{NO-BREAK SPACE}€", 33_000_000),
        ("80.000", 80_000),
        ("80,000", 80_000),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1 234.5", "1234.5"),
        ("80'000", 80_000),
        ("12,5 k", 12_500),
        ("40 000 EUR", 40_000),
        (80_000, 80_000),
        (80_000.25, "80000.25"),
        (Decimal("2374.50"), "2374.50"),
        ("800", 800),
        ("99 999", 99_999),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell, amount):
    assert read_amount(cell) == Reading(Decimal(amount))


@pytest.mark.parametrize(
    "cell", [0, 1, 7, 8, 999, "0.0", "0,00 €", "999,00 €", "99", "1234", "9 999 999", "123456"]
)
def test_a_placeholder_is_no_amount(cell):
    assert read_amount(cell) == Reading(reason=amounts.PLACEHOLDER)


@pytest.mark.parametrize(
    ("cell", "amount", "doubt"),
    [
        ("200 000 à 250 000", 250_000, amounts.RANGE),
        ("200 à 250 k€", 250_000, amounts.RANGE),
        ("entre 200 000 et 250 000 €", 250_000, amounts.RANGE),
        ("200-250k€", 250_000, amounts.RANGE),
        ("< 40 000 €", 40_000, amounts.RANGE),
        ("max 90 000 € HT", 90_000, amounts.RANGE),
        ("Compris entre 40 000 et 200 000 €", 200_000, amounts.RANGE),
        ("1M - 5M€", 5_000_000, amounts.RANGE),
        ("Inférieur à 40 000€", 40_000, amounts.RANGE),
        ("moins de 40 000 €", 40_000, amounts.RANGE),
        ("min 50 000 € max 200 000 €", 200_000, amounts.RANGE),
        ("mini 50 000 / maxi 200 000", 200_000, amounts.RANGE),
        ("supérieur à 5 M€", 5_000_000, amounts.FLOOR),
        ("40 000 € ou plus", 40_000, amounts.FLOOR),
        ("environ 80 000", 80_000, amounts.APPROXIMATE),
        ("80 000 € (estimation)", 80_000, amounts.APPROXIMATE),
        ("100 k€ TTC", 100_000, amounts.WITH_TAX),
        ("80 000 € / an", 80_000, amounts.PER_PERIOD),
        ("80 000 120 000", 80_000_120_000, amounts.VERY_HIGH),
    ],
)
def test_a_doubtful_amount_is_kept_with_its_doubt(cell, amount, doubt):
    assert read_amount(cell) == Reading(Decimal(amount), doubt)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("beaucoup", amounts.UNREADABLE),
        ("12 34", amounts.UNREADABLE),
        ("10 à beaucoup", amounts.UNREADABLE),
        ("8 lots", amounts.UNREADABLE),
        ("1" * 61, amounts.UNREADABLE),
        (True, amounts.UNREADABLE),
        (date(2027, 3, 1), amounts.UNREADABLE),
        (float("nan"), amounts.UNREADABLE),
        ("-80 000", amounts.NEGATIVE),
        (-1, amounts.NEGATIVE),
        (1e300, amounts.TOO_HIGH),
        ("9" * 59, amounts.TOO_HIGH),
    ],
)
def test_what_is_no_amount_says_why(cell, reason):
    assert read_amount(cell) == Reading(reason=reason)


@pytest.mark.parametrize("cell", ["", " ", "-", "NC", "à définir", "Je ne sais pas", "n/a", "?"])
def test_not_knowing_an_amount_is_no_mistake(cell):
    assert read_amount(cell) == NOTHING


@pytest.mark.parametrize(
    ("cell", "amount"),
    [(80, 80_000), ("80", 80_000), ("1,5", 1_500), ("1,2 M€", 1_200_000), ("80 à 90", 90_000)],
)
def test_a_column_in_thousands_counts_in_thousands(cell, amount):
    assert read_amount(cell, "k").value == Decimal(amount)


@given(ANY_CELL, st.sampled_from(["", "k"]))
def test_no_cell_breaks_the_reading_of_amounts(cell, unit):
    value, reason = read_amount(cell, unit)

    assert value is None or 0 < value <= amounts.HIGHEST
    assert isinstance(reason, str)


@given(AMOUNTS)
def test_an_amount_that_the_application_writes_reads_back(amount):
    for written in (format_amount(amount), format_number(amount, 2), f"{amount:,.2f}", str(amount), amount):
        assert read_amount(written) == Reading(amount), written


@given(AMOUNTS.map(lambda amount: amount.quantize(Decimal(1))))
def test_a_whole_amount_reads_back_in_every_layout(amount):
    spaced = f"{amount:,}".replace(",", " ")
    for written in (
        int(amount),
        f"{spaced} €",
        f"{spaced},00 € HT",
        spaced.replace(" ", "."),
        f"{amount / 1000} k€",
    ):
        assert read_amount(written).value == amount, written


DAY, MONTH, QUARTER = DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.QUARTER


@pytest.mark.parametrize(
    ("cell", "on", "precision"),
    [
        ("2022-03-15", date(2022, 3, 15), DAY),
        ("15/03/2022", date(2022, 3, 15), DAY),
        ("15-03-22", date(2022, 3, 15), DAY),
        ("15.03.2022", date(2022, 3, 15), DAY),
        ("15/03/2022 08:30", date(2022, 3, 15), DAY),
        ("2026-12-31 00:00:00", date(2026, 12, 31), DAY),
        ("lundi 15 mars 2027", date(2027, 3, 15), DAY),
        ("1er avril 2027", date(2027, 4, 1), DAY),
        ("2022-03-15T00:00:00.000Z", date(2022, 3, 15), DAY),
        ("2027-03-14T23:00:00Z", date(2027, 3, 15), DAY),
        (datetime(2027, 3, 14, 23, tzinfo=UTC), date(2027, 3, 15), DAY),
        (datetime(2027, 3, 14, 23), date(2027, 3, 14), DAY),  # noqa: DTZ001 – as workbooks give them
        (date(2027, 3, 1), date(2027, 3, 1), DAY),
        (44_635, date(2022, 3, 15), DAY),
        ("03/2027", date(2027, 3, 1), MONTH),
        ("2027-03", date(2027, 3, 1), MONTH),
        ("mars 2027", date(2027, 3, 1), MONTH),
        ("Févr. 27", date(2027, 2, 1), MONTH),
        ("fin août 2027", date(2027, 8, 1), MONTH),
        ("T2 2027", date(2027, 4, 1), QUARTER),
        ("2027 T3", date(2027, 7, 1), QUARTER),
        ("2e trimestre 2027", date(2027, 4, 1), QUARTER),
        ("4ème trim. 2026", date(2026, 10, 1), QUARTER),
        ("1er semestre 2027", date(2027, 1, 1), DatePrecision.SEMESTER),
        ("S2 2027", date(2027, 7, 1), DatePrecision.SEMESTER),
        ("2027", date(2027, 1, 1), DatePrecision.YEAR),
        (2027, date(2027, 1, 1), DatePrecision.YEAR),
    ],
)
def test_a_moment_is_read_with_its_precision(cell, on, precision):
    assert read_moment(cell, 2027) == Reading(Moment(on, precision))


@pytest.mark.parametrize(("cell", "month"), [("mars", 3), ("T2", 4), ("3e trimestre", 7)])
def test_a_moment_without_year_is_of_the_year_of_the_plan(cell, month):
    moment, doubt = read_moment(cell, 2028)

    assert (moment.on, doubt) == (date(2028, month, 1), days.YEAR_OF_THE_PLAN)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("bientôt", days.UNREADABLE),
        ("juin/juillet", days.UNREADABLE),
        ("x" * 41, days.UNREADABLE),
        ("2027-13-99Tx", days.IMPOSSIBLE),
        ("31/02/2027", days.IMPOSSIBLE),
        ("12/31/2027", days.IMPOSSIBLE),
        ("S3 2027", days.IMPOSSIBLE),
        ("1999", days.IMPLAUSIBLE),
        (date(2101, 1, 1), days.IMPLAUSIBLE),
        (True, days.UNREADABLE),
        (time(8), days.UNREADABLE),
        (timedelta(1), days.UNREADABLE),
        (12.5, days.UNREADABLE),
        (Decimal("sNaN"), days.UNREADABLE),
        ("9999-12-31T23:59:59Z", days.IMPLAUSIBLE),
    ],
)
def test_what_is_no_moment_says_why(cell, reason):
    assert read_moment(cell, 2027) == Reading(reason=reason)


def test_a_day_asked_for_and_a_month_given_leaves_a_doubt():
    assert read_day("06/2027", 2027) == Reading(date(2027, 6, 1), "Lu comme le 01/06/2027.")
    assert read_day("15/06/2027", 2027) == Reading(date(2027, 6, 15))
    assert read_day("bientôt", 2027) == Reading(None, days.UNREADABLE)
    assert read_day("", 2027) == NOTHING


@given(ANY_CELL)
def test_no_cell_breaks_the_reading_of_moments(cell):
    moment, _ = read_moment(cell, 2027)

    assert moment is None or 2000 <= moment.on.year < 2100


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_that_the_application_writes_reads_back(day):
    for written in (format_date_short(day), format_date_long(day), day.isoformat(), day):
        assert read_moment(written, 2027) == Reading(Moment(day, DAY)), written


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("2021-12-17", "17/12/2021"),
        ("17/12/2021", "17/12/2021"),
        ("2021-12-17T00:00:00.000Z", "17/12/2021"),
        (date(2021, 12, 17), "17/12/2021"),
        ("12/2021", "12/2021"),
        ("31/02/2021", "31/02/2021"),
        ("2021-12-17 et après", "2021-12-17 et après"),
        ("Lundi", "Lundi"),
    ],
)
def test_a_day_in_an_unknown_column_is_kept_in_one_writing(cell, kept):
    assert as_kept(cell) == kept


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ("48", Term(48)),
        (48, Term(48)),
        ("48,0", Term(48)),
        ("4 ans", Term(48)),
        ("2,5 ans", Term(30)),
        ("36 mois fermes", Term(36)),
        ("1 an renouvelable 3 fois", Term(12, 3, 12)),
        ("1 an reconductible", Term(12, 1, 12)),
        ("36 mois (renouvelable 1 fois)", Term(36, 1, 36)),
        ("1 an ferme, reconductible 2 fois de 6 mois", Term(12, 2, 6)),
        ("1 an + 3 x 1 an", Term(12, 3, 12)),
        ("12 mois + 12 mois", Term(12, 1, 12)),
    ],
)
def test_a_term_is_read_with_its_renewals(cell, term):
    assert read_term(cell) == Reading(term)


@pytest.mark.parametrize(
    ("cell", "reading"),
    [
        ("6 semaines", Reading(Term(2), terms.ROUNDED)),
        ("longtemps", Reading(reason=terms.UNREADABLE)),
        ("1 an + longtemps", Reading(reason=terms.UNREADABLE)),
        (True, Reading(reason=terms.UNREADABLE)),
        ("0", Reading(reason=terms.NO_TERM)),
        ("700", Reading(reason=terms.TOO_LONG)),
        ("", NOTHING),
    ],
)
def test_a_doubtful_term_says_why(cell, reading):
    assert read_term(cell) == reading


def test_a_column_in_years_counts_in_years():
    assert read_term(4, "an") == Reading(Term(48))
    assert read_term("18 mois", "an") == Reading(Term(18))


@given(ANY_CELL)
def test_no_cell_breaks_the_reading_of_terms(cell):
    term, _ = read_term(cell)

    assert term is None or 0 < term.months <= terms.LONGEST_TERM


@pytest.mark.parametrize(
    ("cell", "known", "value"),
    [
        ("Travaux", vocabulary.NATURES, Nature.WORKS),
        ("F", vocabulary.NATURES, Nature.SUPPLIES),
        ("Prestations intellectuelles", vocabulary.NATURES, Nature.SERVICES),
        ("Fournitures et services", vocabulary.NATURES, Nature.UNKNOWN),
        ("MAPA", vocabulary.PROCEDURES, Procedure.ADAPTED),
        ("Procédure adaptée > 90 000", vocabulary.PROCEDURES, Procedure.ADAPTED),
        ("Procédure avec négociation - Candidature", vocabulary.PROCEDURES, Procedure.NEGOTIATED),
        ('{"label": "Appel d’offres ouvert", "code": "x"}', vocabulary.PROCEDURES, Procedure.OPEN),
        ("yes", vocabulary.INTENTS, SocialIntent.YES),
        ("non", vocabulary.INTENTS, SocialIntent.NO),
        ("Oui", vocabulary.FLAGS, True),
        (False, vocabulary.FLAGS, False),
    ],
)
def test_a_word_is_known(cell, known, value):
    assert vocabulary.read_word(cell, known, "…") == Reading(value)


def test_an_unknown_word_says_what_is_expected():
    assert vocabulary.read_word("Accord", vocabulary.NATURES, "travaux, fournitures ou services") == Reading(
        reason="Ce mot n’est pas connu ici : travaux, fournitures ou services."
    )
    assert vocabulary.read_word("dont_know", vocabulary.INTENTS, "…") == NOTHING


def departements(*more):
    return "|".join([*sorted(vocabulary._DEPARTEMENTS), *more])


@pytest.mark.parametrize(
    ("cell", "reading"),
    [
        ("Créteil", Reading("Créteil")),
        ("FR", Reading("France entière")),
        ('[{"department": "FR"}]', Reading("France entière")),
        ("94|77|75", Reading("75, 77 et 94")),
        (departements(), Reading("France entière")),
        (departements("971", "974"), Reading("France entière, outre-mer compris")),
        (departements("BE"), Reading("97 territoires", "Liste trop longue pour un lieu : 97 territoires.")),
        ("[]", NOTHING),
        ("", NOTHING),
    ],
)
def test_a_place_is_words_or_codes(cell, reading):
    assert vocabulary.read_places(cell) == reading


@pytest.mark.parametrize(
    ("cell", "reading"),
    [("active", Reading("Actif")), ("Rédaction du DCE", Reading("Rédaction du DCE")), ("-", NOTHING)],
)
def test_the_progress_keeps_the_words_of_the_buyer(cell, reading):
    assert vocabulary.read_status(cell) == reading


@pytest.mark.parametrize(
    ("cell", "share"),
    [("35 %", 35), (35, 35), (0.35, 35), ("0,35", 35), ("12,5 %", "12.5"), ("1 %", 1), ("100", 100)],
)
def test_a_share_is_read_in_percent(cell, share):
    assert vocabulary.read_percentage(cell) == Reading(Decimal(share))


@pytest.mark.parametrize("cell", ["500 %", "beaucoup", "-5", "0,3333333"])
def test_a_share_beyond_all_is_refused(cell):
    assert vocabulary.read_percentage(cell).reason.startswith("Cette part ne se lit pas")


def test_not_knowing_a_share_is_no_mistake():
    assert vocabulary.read_percentage("") == NOTHING


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('["a", null, {"label": "b"}, {"code": "c"}, {}]', "a|b|c"),
        ("{broken", "{broken"),
        ("{}", ""),
        ("nul\0l", "null"),
        ("é\0", "é"),
        ("\ud800é", "?é"),
        (12, "12"),
        ("'-5 %", "-5 %"),
        ("'tis", "'tis"),
    ],
)
def test_a_cell_is_text_that_a_database_accepts(cell, said):
    assert text(cell) == said


def test_plain_leaves_numbers_alone():
    assert plain(12) == 12
    assert words("À définir") == ""
