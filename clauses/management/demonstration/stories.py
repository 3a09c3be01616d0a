"""The contracts under way. Every person is fictitious."""

from typing import NamedTuple

from clauses.enums import InQpv, Modality, ProvisionKind, Sex, TrainingLevel, WorkContractType
from clauses.management.demonstration.territory import (
    BUILDER,
    CLEANING,
    CLEANING_COMPANY,
    COMPANY,
    HOSPITAL,
    MAIL,
    MAIN_BUYER,
    PARKS,
    STRUCTURE,
    Line,
)


class Person(NamedTuple):
    first_name: str
    last_name: str
    sex: Sex
    born_in: int
    city: str
    in_qpv: InQpv
    level: TrainingLevel
    public: str
    hours: tuple[int, ...]
    """Hours of the last months, the most recent one last."""
    modality: Modality = Modality.DIRECT_HIRE
    contract_type: WorkContractType = WorkContractType.CDD
    job_title: str = "Agent d’entretien"


W, M = Sex.WOMAN, Sex.MAN
YES, NO, MAYBE = InQpv.YES, InQpv.NO, InQpv.UNKNOWN
L = TrainingLevel
AVAILABLE, TEMP = Modality.MADE_AVAILABLE, WorkContractType.TEMP_MISSION


class Story(NamedTuple):
    """One contract under way, told from its line in last year’s plan to its last declaration."""

    buyer: str
    line: Line
    company: str
    kind: ProvisionKind
    labour_share: str
    rate: str
    reference: str
    months_ago: int
    """How many whole months before this one the work began."""
    people: tuple[Person, ...]
    last: str
    """How the last month stands: « sent », « validated », « draft » or « missing »."""
    rejected: bool = False
    """Whether the month before the last was sent back."""


CONDITION = ProvisionKind.EXECUTION_CONDITION

STORIES = (
    Story(
        MAIN_BUYER,
        Line(
            "Entretien des espaces verts des quartiers nord",
            "espaces-verts",
            "services",
            1_800_000,
            24,
            PARKS,
            -14,
        ),
        COMPANY,
        CONDITION,
        "0.50",
        "0.05",
        "2026-EV-01",
        8,
        (
            Person(
                "Amina",
                "Cissé",
                W,
                1994,
                "Créteil",
                YES,
                L.LEVEL_3,
                "deld",
                (70, 84, 91, 77, 84, 70, 63, 77),
                job_title="Ouvrière paysagiste",
            ),
            Person(
                "Teddy",
                "Baptiste",
                M,
                2003,
                "Alfortville",
                YES,
                L.BELOW_3,
                "jeune",
                (35, 70, 70, 84, 91, 77),
                contract_type=WorkContractType.APPRENTICESHIP,
                job_title="Apprenti jardinier",
            ),
            Person(
                "Lucien",
                "Marchand",
                M,
                1969,
                "Bonneuil-sur-Marne",
                NO,
                L.LEVEL_3,
                "senior",
                (56, 63, 70),
                job_title="Ouvrier paysagiste",
            ),
        ),
        "sent",
    ),
    Story(
        MAIN_BUYER,
        Line(
            "Taille et élagage des arbres d’alignement", "espaces-verts", "services", 300_000, 24, PARKS, -12
        ),
        COMPANY,
        CONDITION,
        "0.50",
        "0.05",
        "2026-EV-02",
        6,
        (
            Person(
                "Moussa",
                "Keita",
                M,
                1988,
                "Créteil",
                YES,
                L.LEVEL_3,
                "rsa",
                (35, 42, 28, 35, 42),
                job_title="Élagueur",
            ),
            Person(
                "Rosa",
                "Almeida",
                W,
                1979,
                "Limeil-Brévannes",
                NO,
                L.LEVEL_4,
                "boeth",
                (21, 28, 21),
                job_title="Aide-élagueuse",
            ),
        ),
        "missing",
        rejected=True,
    ),
    Story(
        MAIN_BUYER,
        Line("Nettoyage du centre administratif", "nettoyage", "services", 1_200_000, 36, CLEANING, -16),
        CLEANING_COMPANY,
        CONDITION,
        "0.80",
        "0.05",
        "2026-NET-04",
        10,
        (
            Person(
                "Fatoumata",
                "Diarra",
                W,
                1982,
                "Créteil",
                YES,
                L.BELOW_3,
                "rsa",
                (60, 65, 65, 70, 70, 65, 60, 70, 65, 65),
            ),
            Person(
                "Ivana",
                "Petrova",
                W,
                1975,
                "Alfortville",
                MAYBE,
                L.LEVEL_5,
                "refugie",
                (40, 45, 50, 50, 45, 50),
            ),
            Person("Kevin", "Lopes", M, 2001, "Créteil", YES, L.LEVEL_3, "jeune", (30, 35, 40)),
        ),
        "validated",
    ),
    Story(
        "Ville d’Alfortville",
        Line(
            "Rénovation du gymnase des Alouettes",
            "travaux-tous-corps",
            "works",
            3_600_000,
            18,
            "Patrimoine",
            -13,
            programme="anru-npnru",
            qpv_share=80,
        ),
        BUILDER,
        CONDITION,
        "0.30",
        "0.05",
        "2026-TX-11",
        7,
        (
            Person(
                "Adama",
                "Sow",
                M,
                1997,
                "Alfortville",
                YES,
                L.BELOW_3,
                "qpv",
                (120, 133, 126, 140, 133, 126, 140),
                modality=AVAILABLE,
                contract_type=TEMP,
                job_title="Manœuvre",
            ),
            Person(
                "Samir",
                "Haddad",
                M,
                1985,
                "Créteil",
                YES,
                L.LEVEL_3,
                "deld",
                (70, 105, 119, 126),
                modality=AVAILABLE,
                contract_type=TEMP,
                job_title="Peintre",
            ),
        ),
        "sent",
    ),
    Story(
        "Office public de l’habitat Rives de Marne",
        Line(
            "Réhabilitation de 120 logements",
            "travaux-tous-corps",
            "works",
            8_000_000,
            24,
            "Maîtrise d’ouvrage",
            -15,
            programme="anru-npnru",
            qpv_share=100,
        ),
        BUILDER,
        CONDITION,
        "0.30",
        "0.08",
        "2026-OPH-07",
        9,
        (
            Person(
                "Mehdi",
                "Azouz",
                M,
                1999,
                "Bonneuil-sur-Marne",
                YES,
                L.LEVEL_3,
                "jeune",
                (133, 140, 140, 133, 126, 140, 133, 140, 140),
                contract_type=WorkContractType.CDI,
                job_title="Maçon",
            ),
            Person(
                "Gwenaëlle",
                "Prigent",
                W,
                1991,
                "Sucy-en-Brie",
                NO,
                L.LEVEL_4,
                "deld",
                (105, 119, 126, 133, 126, 133),
                job_title="Conductrice d’engins",
            ),
            Person(
                "Ousmane",
                "Ba",
                M,
                1966,
                "Créteil",
                YES,
                L.BELOW_3,
                "senior",
                (126, 133, 140, 133),
                job_title="Aide-maçon",
            ),
            Person(
                "Diego",
                "Ramos",
                M,
                1993,
                "Boissy-Saint-Léger",
                MAYBE,
                L.LEVEL_3,
                "deld",
                (119, 126),
                modality=AVAILABLE,
                contract_type=TEMP,
                job_title="Coffreur",
            ),
        ),
        "validated",
    ),
    Story(
        HOSPITAL,
        Line("Bionettoyage des consultations", "nettoyage", "services", 450_000, 24, "Hôtellerie", -14),
        CLEANING_COMPANY,
        CONDITION,
        "0.80",
        "0.05",
        "2026-GH-03",
        8,
        (Person("Esther", "Mbala", W, 1987, "Créteil", YES, L.LEVEL_3, "rsa", (20, 25, 25, 20)),),
        "draft",
    ),
    Story(
        MAIN_BUYER,
        Line("Mise sous pli des convocations scolaires", "mise-sous-pli", "services", 24_000, 12, MAIL, -12),
        STRUCTURE,
        ProvisionKind.RESERVED_DISABILITY,
        "",
        "",
        "2026-ADM-02",
        5,
        (),
        "missing",
    ),
)
