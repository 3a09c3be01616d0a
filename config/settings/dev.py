from config.settings.base import *


# One machine, fictitious people: a fixed key keeps sessions and links alive between two starts.
SECRET_KEY = env.str("SECRET_KEY", default="demonstration-only-never-in-production-0123456789abcdef")
DEMONSTRATION = True
DEBUG = env.bool("DEBUG", default=False)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
# Several demonstration accounts sign in from one address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "30/m/ip"}
