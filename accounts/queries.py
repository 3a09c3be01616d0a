from accounts.models import AuditEvent, CardContact, Mandate, Membership, Office, User


def own_data(user: User) -> dict:
    """What the accounts hold about a person, keyed in French: it is read by that person."""
    memberships = (
        Membership.objects.filter(user=user).select_related("organisation").order_by("invited_at", "pk")
    )
    events = AuditEvent.objects.filter(actor_id=user.pk).order_by("at", "pk")
    return {
        "compte": {
            "adresse électronique": user.email,
            "prénom": user.first_name,
            "nom": user.last_name,
            "inscription": user.joined_at,
            "dernière connexion": user.last_login,
        },
        "rôles": [
            {
                "organisation": membership.organisation.name,
                "rôle": membership.get_role_display(),
                "fonction": membership.job_title,
                "invitation": membership.invited_at,
                "acceptation": membership.accepted_at,
                "fin": membership.ended_at,
            }
            for membership in memberships
        ],
        "carte de l’office": [
            {
                "fonction": contact.function,
                "adresse professionnelle": contact.email,
                "téléphone professionnel": contact.phone,
                "publication acceptée": contact.agreed_at,
            }
            for contact in CardContact.objects.filter(membership__user=user).order_by("pk")
        ],
        "actions": [{"le": event.at, "fait": event.sentence} for event in events],
    }


def offices_serving(hat: Membership) -> list[Office]:
    """Whom to ask: one's own office, or those whose agreement with one's organisation runs today."""
    offices = Office.objects.select_related("organisation", "card").order_by("organisation__name", "pk")
    own = offices.filter(pk=hat.organisation_id)
    return list(own | offices.filter(pk__in=Mandate.objects.offices_of(hat.organisation_id)))
