"""The columns of a directory file, whatever its author calls them."""

from structures.models import Structure


ALIASES = {
    "siret": ("siret", "n° siret", "numéro siret", "numéro de siret"),
    "kind": ("kind", "type", "type de structure", "nature", "catégorie"),
    "name": ("name", "raison sociale", "dénomination", "nom", "nom de la structure"),
    "brand": ("brand", "nom d’usage", "enseigne", "nom commercial"),
    "legal_form": ("legal_form", "forme juridique"),
    "naf_code": ("naf", "code naf", "ape", "code ape"),
    "address": ("address", "adresse", "adresse postale"),
    "address_more": ("complément adresse", "complément d’adresse", "lieudit bp", "lieudit"),
    "postcode": ("post_code", "postcode", "code postal", "cp"),
    "city": ("city", "commune", "ville"),
    "department_code": ("department", "département", "code département"),
    "longitude": ("longitude", "lon"),
    "latitude": ("latitude", "lat"),
    "website": ("website", "site", "site internet", "site web", "url"),
    "email": ("email", "e mail", "mail", "courriel", "adresse électronique"),
    "phone": ("phone", "tel", "tél", "téléphone", "tel public"),
    "activities": ("secteur d’activités", "activités", "métiers", "pôles de compétences"),
    "headcount": ("nombre de travailleurs dans la structure (en etp)", "effectif", "etp"),
    "source": ("source",),
}
KEY = ("siret", "kind")
# Everything a file may change; `extra` and `issues` follow from the line as a whole.
FIELDS = (
    *(name for name in ALIASES if name not in (*KEY, "address_more")),
    "siret_is_valid",
    "extra",
    "issues",
)


def label(name: str) -> str:
    return str(Structure._meta.get_field(name).verbose_name)
