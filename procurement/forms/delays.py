from datetime import date

from django import forms

from procurement.enums import DELAY_BOUNDS, DELAY_UNITS, DelayCode
from procurement.rules.delays import Kept, Timetable


class DelaysForm(forms.Form):
    """One field a delay, with the usual one below; the bounds are told, the service refuses."""

    def __init__(self, *args, timetable: Timetable, on: date, **kwargs):
        super().__init__(*args, **kwargs, label_suffix="")
        for code in DelayCode:
            kept, usual = timetable.kept(code, on), timetable.usual(code, on)
            least, most = DELAY_BOUNDS[code]
            self.fields[code.value] = forms.IntegerField(
                label=f"{code.label} ({DELAY_UNITS[code]})",
                min_value=least,
                max_value=most,
                initial=kept.value if kept else None,
                help_text=_said(code, kept, usual),
                error_messages={
                    "min_value": f"Choisissez un nombre de {least} à {most}.",
                    "max_value": f"Choisissez un nombre de {least} à {most}.",
                    "invalid": "Écrivez un nombre entier.",
                },
            )

    @property
    def values(self) -> dict[DelayCode, int]:
        return {code: self.cleaned_data[code.value] for code in DelayCode}


def _said(code: DelayCode, kept: Kept | None, usual: Kept | None) -> str:
    if usual is None:
        return "Aucun délai usuel n’est tenu."
    doubt = " Usage à confirmer." if usual.is_to_confirm else ""
    own = f"Propre à l’office depuis le {kept.valid_from:%d/%m/%Y}. " if kept and kept.is_own else ""
    counted = (
        "\N{NO-BREAK SPACE}: 15 est le 15 janvier, 46 le 15 février" if code == DelayCode.PLAN_DUE else ""
    )
    return f"{own}Usuel\N{NO-BREAK SPACE}: {usual.value}{counted}. {usual.source}.{doubt}"
