from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now


if TYPE_CHECKING:
    from accounts.models.membership import Membership


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail address."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    # The hat worn in this session; set by the middleware, never stored.
    membership: Membership | None = None

    email = models.EmailField("adresse électronique", unique=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    is_staff = models.BooleanField("accès à l’administration", default=False)
    joined_at = models.DateTimeField("inscrit le", db_default=Now())

    objects = UserManager()

    class Privacy:
        personal = ("email", "first_name", "last_name")
        identifying = ("password",)
        plain = ("id", "is_active", "is_staff", "is_superuser", "last_login", "joined_at")

    class Meta:
        verbose_name = "utilisateur"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
