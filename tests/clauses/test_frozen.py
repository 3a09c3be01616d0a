from clauses.queries import frozen
from tests.clauses.reading import plain


PER_EURO = {
    "objective": "per-euro",
    "euros_per_hour": "2000",
    "threshold_amount": "2700000",
    "threshold_mode": "trigger",
    "hours_due": "1500",
    "parameters": {
        "on": "2026-11-25",
        "conversions": [
            {
                "label": "Semaine",
                "value": "35",
                "unit": "h",
                "source": "Code du travail",
                "is_to_confirm": False,
            }
        ],
        "effort": {"per_month": "125.0", "at_once": "2", "share": "0.032", "weight": "light"},
    },
}


def test_a_debt_says_in_words_how_its_hours_were_counted():
    sections = _read({"proposal": PER_EURO})

    assert sections["Le calcul"] == {
        "Mode de calcul": "Heures par euro facturé",
        "Montant facturé qui doit une heure": "2 000 €",
        "Seuil de facturation": "2 700 000 €",
        "Au-delà du seuil": "Dès le premier euro, une fois le seuil atteint",
        "Heures calculées": "1 500 h",
    }
    assert sections["Les conventions de conversion d’alors"] == {"Semaine": "35 h, Code du travail"}


def test_a_debt_says_what_its_hours_meant():
    sections = _read({"proposal": PER_EURO})

    assert sections["Ce que les heures représentaient"] == {
        "Par mois": "125 h",
        "Personnes en même temps": "2",
        "Part des heures de travail du marché": "3,2 %",
        "Pour une entreprise ordinaire": "Effort léger",
    }


def test_other_ways_of_counting_have_their_own_facts():
    cleaning = {"transferred_monthly_hours": "500.00", "months": 12}
    full_time = {"full_time_months": "6.00", "yearly_hours": "1607.00", "hours_worked": "20000"}

    assert _read({"proposal": cleaning | full_time})["Le calcul"] == {
        "Heures mensuelles du personnel à reprendre": "500 h",
        "Heures travaillées du marché": "20 000 h",
        "Mois de temps plein": "6 mois",
        "Durée annuelle d’un temps plein": "1 607 h",
        "Durée du marché": "12 mois",
    }


def test_what_was_not_kept_is_not_shown():
    assert frozen.sections({}) == []
    assert frozen.effort({}) == []
    assert frozen.references({}) == []
    assert frozen.kept_on({}) is None


def _read(parameters):
    return {
        title: {fact.label: plain(fact.value) for fact in facts}
        for title, facts in frozen.sections(parameters)
    }
