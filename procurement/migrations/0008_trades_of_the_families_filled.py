"""Which trades each purchase family is: defaults that an administrator edits.

NAF codes come from the nomenclature (INSEE, revision 2). The words are our own reading of titles of plans
and of names of structures: to be confirmed.
"""

from django.db import migrations


SOURCE = "NAF rév. 2 (INSEE, 2008), libellés des classes ; mots : usage"

# code, beginnings of NAF codes, beginnings of words
TRADES = [
    ("nettoyage", "8121 8122 8129", "nettoyage, propreté, entretien des locaux, ménage, vitrerie, vitres, bionettoyage"),
    ("proprete-urbaine", "8129B", "propreté urbaine, balayage, désherbage, déneigement, graffiti, tags"),
    ("espaces-verts", "8130 0210 0220 0240", "espaces verts, espaces naturels, paysag, jardinage, élagage, tonte, fauchage, plantation, berges, arrosage"),
    ("mise-sous-pli", "8219 8211 5320 8292", "mise sous pli, routage, affranchissement, publipostage, mailing, conditionnement, courrier"),
    ("restauration", "5621 5629 5610", "restauration, traiteur, repas, cocktail, buffet, cantine"),
    ("denrees", "0113 0125 1039 1071 4631 4721", "denrées, alimentaire, boissons, fruits et légumes, maraîch, épicerie, boulangerie"),
    ("blanchisserie", "9601", "blanchisserie, linge, repassage, pressing"),
    ("dechets", "3811 3812 3821 3822 3831 3832 4677", "déchet, recycl, réemploi, ressourcerie, recyclerie, collecte, tri sélectif, valorisation des déchets"),
    ("travaux-gros-oeuvre", "4120 4399", "gros oeuvre, maçonnerie, ravalement"),
    ("travaux-demolition", "4311 3900", "démolition, curage, désamiantage, déconstruction"),
    ("travaux-vrd", "4211 4312 4221 4222", "voirie, vrd, terrassement, enrobé, réseaux divers, assainissement"),
    ("travaux-couverture", "4391 4399A", "couverture, toiture, étanchéité, charpente"),
    ("travaux-electricite", "4321", "travaux électri, éclairage public, courants faibles, courants forts"),
    ("travaux-plomberie", "4322", "plomberie, chauffage, ventilation, cvc, climatisation"),
    ("travaux-isolation", "4329A", "isolation, calorifuge"),
    ("travaux-platrerie", "4331", "plâtrerie, cloison, faux plafond"),
    ("travaux-menuiserie", "4332 1623 2512", "menuiserie, serrurerie, métallerie, ébénisterie"),
    ("travaux-sols", "4333", "revêtement de sol, revêtements de sols, carrelage, sols souples, parquet"),
    ("travaux-peinture", "4334", "peinture"),
    ("travaux-tous-corps", "4120 4339 4399", "travaux, réhabilitation, rénovation, bâtiment, second oeuvre"),
    ("maintenance-batiments", "8110 4339 4321 4322 4332 4334", "maintenance, petits travaux, multi-technique, multiservice"),
    ("securite", "8010 8020", "gardiennage, surveillance, sécurité, agents d'accueil, médiation"),
    ("amo-etudes", "7022 7111 7112 7120 7320 7490", "étude, assistance à maîtrise, amo, conseil, maîtrise d'oeuvre, diagnostic, audit"),
    ("informatique-services", "6201 6202 6203 6209 6311", "informatique, logiciel, numérique, développement, hébergement, cloud, infogérance"),
    ("informatique-materiel", "9511 2620 4741 4651", "reconditionn, postes de travail, ordinateur, matériel informatique, tablette, imprimante"),
    ("saisie-numerisation", "8219 6311 9101", "numérisation, saisie, archivage, archives"),
    ("impression", "1812 1813 1814 8219", "impression, imprimerie, reprographie, papeterie, façonnage"),
    ("mobilier", "3101 3109 9524 4759", "mobilier, meubles"),
    ("jeux-jouets", "3240 4765", "jouet, jeux, ludothèque"),
    ("vetements", "1412 1413 1411 1392 4771 9529", "vêtement, textile, couture, habillement, équipements de protection"),
    ("demenagement", "4942 5224", "déménagement, transfert de mobilier, manutention"),
    ("transport", "4931 4932 4939", "transport de personnes, transport scolaire, transport d'élèves, autocar, navette"),
    ("evenementiel", "8230 9001 9002 7311 7420", "événement, spectacle, communication, exposition, scénographie, fête"),
    ("formation", "8559 8532 8542 8560", "formation, insertion, chantier école"),
    ("social-sante", "8810 8891 8621 8690", "aide à domicile, crèche, petite enfance, portage de repas, accompagnement social"),
    ("medical", "3250 4646 4774", "médica, pharma, dispositif, produits de santé"),
    ("vehicules", "4520 4511 4540", "véhicule, carburant, automobile, cycles, vélo, garage"),
    ("energie-fluides", "3511 3522 3600", "électricité, gaz, énergie, eau potable, fluides"),
    ("assurances-finance", "6511 6512 6622", "assurance, emprunt, bancaire, carte affaires, affacturage"),
]  # fmt: skip


def load(apps, schema_editor):
    family = apps.get_model("procurement", "Family")
    for code, prefixes, words in TRADES:
        family.objects.filter(code=code, naf_prefixes="", keywords="").update(
            naf_prefixes=prefixes, keywords=words, trade_source=SOURCE, trade_is_to_confirm=True
        )


class Migration(migrations.Migration):
    dependencies = [("procurement", "0007_trades_of_the_families")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
