"""allauth's doors in our frame: a refused form comes back as 422, as everywhere else."""

from allauth.account import views as account
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse_lazy


class FormComesBack:
    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignIn(FormComesBack, account.LoginView):
    pass


class ForgottenPassword(FormComesBack, account.PasswordResetView):
    pass


class NewPassword(FormComesBack, account.PasswordResetFromKeyView):
    pass


class PasswordChange(FormComesBack, account.PasswordChangeView):
    def get_default_success_url(self) -> str:
        return reverse_lazy("accounts:profile")


sign_in = SignIn.as_view()
sign_out = account.logout
inactive = account.account_inactive
password_change = PasswordChange.as_view()
forgotten_password = ForgottenPassword.as_view()
forgotten_password_sent = account.password_reset_done
new_password = NewPassword.as_view()
new_password_done = account.password_reset_from_key_done
