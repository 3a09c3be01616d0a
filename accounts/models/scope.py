from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.roles import Role


if TYPE_CHECKING:
    from accounts.models.membership import Membership
    from accounts.models.user import User


NOTHING = Q(pk__in=[])


def scope(user: User, rows: Mapping[Role, Callable[[Membership], Q]]) -> Q:
    """The rows a person may see under the present hat; a role that is not named sees nothing."""
    hat = getattr(user, "membership", None)
    if hat is None or hat.role not in rows:
        return NOTHING
    return rows[Role(hat.role)](hat)
