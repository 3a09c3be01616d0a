"""The icons of lucide, drawn once each: the package copies and writes its tree anew at every call."""

from functools import lru_cache

from django import template
from lucide.templatetags import lucide as package


register = template.Library()


@register.simple_tag
def lucide(name: str, *, size: int | None = 24, **attributes: object) -> str:
    return _drawn(name, size, **attributes)


@lru_cache(maxsize=512)
def _drawn(name: str, size: int | None, **attributes: object) -> str:
    return package.lucide(name, size=size, **attributes)
