from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Membership
from config.lib import tokens


INVITATION = "invitation"


def invitation_path(membership: Membership) -> str:
    """The link of an open invitation: signed now, good for `Membership.INVITATION_LIFE`."""
    return reverse("accounts:invitation", args=[tokens.sign(INVITATION, {"membership": membership.pk})])


def invitation(membership: Membership) -> EmailMessage:
    body = render_to_string(
        "accounts/emails/invitation.txt",
        {
            "membership": membership,
            "product_name": settings.PRODUCT_NAME,
            "url": settings.SITE_URL + invitation_path(membership),
        },
    )
    # An imported name may hold a line break, which no header may.
    subject = " ".join(f"{membership.organisation} vous invite sur {settings.PRODUCT_NAME}".split())
    return EmailMessage(subject, body, to=[membership.user.email])
