from datetime import timedelta

from django.core import signing


class TokenExpired(Exception):
    def __init__(self):
        super().__init__("Ce lien a expiré. Demandez-en un nouveau à la personne qui vous l’a envoyé.")


class TokenAltered(Exception):
    def __init__(self):
        super().__init__(
            "Ce lien est incomplet ou modifié. Ouvrez-le depuis le message reçu, sans le recopier à la main."
        )


def sign(purpose: str, payload: dict) -> str:
    """URL-safe text that proves the payload; everyone can read it, so it holds no secret."""
    return signing.dumps(payload, salt=_salt(purpose))


def read(purpose: str, token: str, max_age: timedelta) -> dict:
    """The payload signed for this very purpose. Raises `TokenExpired` or `TokenAltered`."""
    try:
        return signing.loads(token, salt=_salt(purpose), max_age=max_age)
    except signing.SignatureExpired as error:
        raise TokenExpired from error
    except signing.BadSignature as error:
        raise TokenAltered from error


def _salt(purpose: str) -> str:
    """One key per purpose: a token made to answer a proposal opens nothing else."""
    return f"clausier.{purpose}"
