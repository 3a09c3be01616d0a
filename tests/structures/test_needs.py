"""Needs in plain French, and what must come in the first ten answers."""

import pytest

from structures.enums import AreaKind, ServiceKind, StructureKind
from structures.models import Structure, Trade
from structures.queries import needs
from structures.rules.needs import Vocabulary, stems
from structures.rules.places import Centre
from tests.structures.factories import OfferFactory, StructureFactory, TownFactory


NEEDS = """
plier et mettre sous enveloppe 1 200 courriers | mise-sous-pli
mise sous pli | mise-sous-pli
routage du magazine municipal | mise-sous-pli
envoi en nombre de la propagande électorale | mise-sous-pli
tondre les pelouses des écoles | espaces-verts
entretien des espaces verts du cimetière | espaces-verts
taille de haies et désherbage | espaces-verts
abattre des arbres dangereux | elagage-bucheronnage
élagage des platanes | elagage-bucheronnage
nettoyer les berges de la Marne | espaces-naturels
ménage des bureaux de la mairie | nettoyage-locaux
entretien des locaux des écoles | nettoyage-locaux
laver les vitres du gymnase | vitrerie-nettoyage
balayage des rues après le marché | proprete-urbaine
effacer des tags | proprete-urbaine
enlèvement des encombrants | encombrants
vider les caves d’un immeuble | encombrants
collecte du papier et du carton de bureau | collecte-dechets
collecter les biodéchets de la cantine | biodechets
récupérer de vieux ordinateurs | reconditionnement
acheter des ordinateurs reconditionnés | reconditionnement
jouets d’occasion pour les crèches | jouets
meubles scolaires réemployés | mobilier-reemploi
buffet pour la cérémonie des vœux | traiteur
plateaux repas pour une réunion | traiteur
cocktail de 150 personnes | traiteur
plonge et service en cantine | restauration-collective
laver le linge de la crèche | blanchisserie
retoucher des uniformes | couture
repeindre des salles de classe | peinture
travaux de peinture intérieure | peinture
petits travaux dans les logements | second-oeuvre
démolition intérieure et curage | demolition
refaire des trottoirs | vrd
déménagement de bureaux | demenagement
réparer les vélos du personnel | velos
imprimer des affiches | reprographie
numériser les archives d’état civil | numerisation
saisie de formulaires papier | saisie
gardiennage d’un parking | gardiennage
remplacer un agent d’entretien malade | interim-proprete
médiateurs de nuit dans un quartier | mediation
traduire un document en facile à lire | traduction
aide à domicile pour personnes âgées | aide-domicile
paniers de légumes bio | maraichage
réparation de palettes | palettes
montage de meubles et manutention | demenagement
objets promotionnels brodés | objets-promotionnels
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in NEEDS.strip().splitlines()]


@pytest.fixture
def every_trade(db) -> dict[str, Structure]:
    """One structure for each trade, none of whose names tells anything."""
    return {trade.code: OfferFactory(trade=trade).structure for trade in Trade.objects.order_by("code")}


def first_ten(text: str) -> list[Structure]:
    need = needs.understand(text)
    return list(needs.answering(Structure.objects.all(), need).order_by("match", "sort_name", "pk")[:10])


@pytest.mark.parametrize(("need", "trade"), CASES, ids=[need for need, _ in CASES])
def test_a_need_in_plain_french_finds_who_does_it(every_trade, need, trade):
    assert every_trade[trade] in first_ten(need)


def test_accents_plurals_and_capitals_do_not_count(db):
    found = {
        tuple(one.code for one in needs.understand(text).trades)
        for text in ("vitre", "VITRES", "les vitrés", "lavage de vitre")
    }
    assert found == {("vitrerie-nettoyage",)}


def test_a_word_that_is_no_trade_finds_no_trade(db):
    assert needs.understand("trigonométrie").trades == ()
    assert needs.understand("  ").trades == ()


def test_a_word_of_a_name_finds_the_name_before_the_trade(db):
    named = StructureFactory(name="Vélos pour tous")
    offering = OfferFactory(trade=Trade.objects.get(code="velos")).structure
    looking = StructureFactory(name="Atelier du pont", naf_code="9529Z")

    rows = first_ten("vélos")

    assert rows == [named, offering, looking]
    assert [row.match for row in rows] == [needs.NAMED, needs.OFFERS, needs.LOOKS]


def test_what_a_card_declares_silences_what_it_looks_like(db):
    """An « autres nettoyages » by its code that says it washes linen is no street sweeper."""
    linen = StructureFactory(naf_code="8129B")
    OfferFactory(structure=linen, trade=Trade.objects.get(code="blanchisserie"))

    assert first_ten("balayage") == []


def test_each_answer_says_why(db):
    need = needs.understand("mise sous pli")
    offering = OfferFactory(service_kind=ServiceKind.STAFF).structure
    looking = StructureFactory(name="Zed", naf_code="8219Z")
    rows = needs.answering(Structure.objects.all(), need).order_by("match", "pk")

    told = {answer.structure: answer.why for answer in needs.answers(rows, need)}

    assert told == {
        offering: "Déclare : Mise sous pli et routage (mise à disposition de personnel)",
        looking: "Son code NAF ou son nom le laisse penser : à confirmer avec elle",
    }


def test_a_plain_list_needs_no_reason(db):
    StructureFactory()
    need = needs.understand("")
    assert [answer.why for answer in needs.answers(Structure.objects.all(), need)] == [""]


@pytest.fixture
def towns(db):
    TownFactory(insee_code="94028", name="Créteil", postcode="94000")
    TownFactory(insee_code="93066", name="Saint-Denis", postcode="93200", department_code="93",
                latitude=48.9362, longitude=2.3574)  # fmt: skip
    TownFactory(insee_code="11339", name="Saint-Denis", postcode="11310", department_code="11",
                latitude=43.36, longitude=2.22)  # fmt: skip


@pytest.mark.parametrize(
    ("place", "insee"),
    [("Créteil", "94028"), ("94000", "94028"), ("saint denis (93)", "93066"), ("93200 Saint-Denis", "93066")],
)
def test_a_place_is_a_commune_or_its_postcode(towns, place, insee):
    assert needs.centre_of(place).insee_code == insee


def test_a_place_that_is_no_commune_has_no_centre(towns):
    assert needs.centre_of("Nulle-Part") is None
    assert needs.centre_of("") is None


def test_a_circle_holds_what_lies_within_and_orders_by_distance(db):
    centre = Centre(48.7837, 2.4549, "94", "94028")
    far = StructureFactory(latitude=48.8566, longitude=2.3522)  # 11.1 km
    near = StructureFactory(latitude=48.79, longitude=2.46)  # 0.8 km
    StructureFactory(latitude=None, longitude=None)

    within = Structure.objects.near(centre, 5)
    ordered = Structure.objects.near(centre, 20).order_by("square_km")

    assert list(within) == [near]
    assert list(ordered) == [near, far]
    told = needs.answers(ordered, needs.understand(""))
    assert [round(answer.km, 1) for answer in told] == [0.8, 11.1]


CRETEIL = Centre(48.7837, 2.4549, "94", "94028")


@pytest.mark.parametrize(
    ("area_kind", "area_codes", "radius_km", "goes"),
    [
        (AreaKind.COUNTRY, "", None, True),
        (AreaKind.REGIONS, " 11 ", None, True),
        (AreaKind.REGIONS, " 84 ", None, False),
        (AreaKind.DEPARTMENTS, " 93 94 ", None, True),
        (AreaKind.DEPARTMENTS, " 93 ", None, False),
        (AreaKind.TOWNS, " 94028 ", None, True),
        (AreaKind.TOWNS, " 94029 ", None, False),
        (AreaKind.RADIUS, "", 12, True),
        (AreaKind.RADIUS, "", 10, False),
    ],
)
def test_a_structure_goes_where_it_says(db, area_kind, area_codes, radius_km, goes):
    paris = StructureFactory(latitude=48.8566, longitude=2.3522, kind=StructureKind.EA)
    OfferFactory(structure=paris, area_kind=area_kind, area_codes=area_codes, radius_km=radius_km)

    assert needs.serving(Structure.objects.all(), CRETEIL).exists() is goes


def test_words_lose_their_endings_but_never_their_sense():
    assert stems("les vitres, le vitrage") == ("vitr", "vitr")
    assert stems("1 200 plis") == ("plis",)


def test_the_best_told_trade_comes_first():
    vocabulary = Vocabulary(
        {"a": ("nettoyage de locaux",), "b": ("nettoyage de véhicules",), "c": ("couture",)}
    )
    assert [said.code for said in vocabulary.understand("nettoyage des véhicules")] == ["b"]
    assert vocabulary.understand("couture")[0].told_by == ("couture",)
    assert vocabulary.understand("autre chose") == []
