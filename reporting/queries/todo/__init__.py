"""What awaits each role, oldest first, and what it waits for from others."""

from collections.abc import Callable
from datetime import date

from accounts.models import User
from accounts.roles import Role
from reporting.queries.todo import buyers, office, others
from reporting.queries.todo.items import Figure, Home, Item


__all__ = ["Figure", "Home", "Item", "of"]

HOMES: dict[Role, Callable[[User, date], Home]] = {
    Role.FACILITATOR: office.facilitator,
    Role.MANAGER: office.manager,
    Role.BUYER: buyers.buyer,
    Role.PRESCRIBER: buyers.prescriber,
    Role.CONTRACTOR: others.contractor,
    Role.STRUCTURE: others.structure,
    Role.FUNDER: others.funder,
    Role.ADMINISTRATOR: others.administrator,
}


def of(user: User, on: date) -> Home:
    """For the hat worn; nothing for who wears none."""
    if user.membership is None:
        return Home()
    return HOMES[Role(user.membership.role)](user, on)
