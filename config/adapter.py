from allauth.account.adapter import DefaultAccountAdapter


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations only, and refusals speak our French."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for an unknown address and for a wrong password: neither is revealed.
        "email_password_mismatch": "L’adresse ou le mot de passe ne convient pas. Vérifiez, puis réessayez.",
        "too_many_login_attempts": "Trop d’essais en peu de temps. Attendez cinq minutes, puis réessayez.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "invalid_password_reset": "Ce lien a déjà servi, a expiré ou est incomplet. Demandez-en un nouveau.",
        "rate_limited": "Trop de demandes en peu de temps. Attendez une minute, puis réessayez.",
    }

    def is_open_for_signup(self, request) -> bool:
        return False
