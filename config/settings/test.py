import tempfile

from config.settings.base import *


SECRET_KEY = "tests-only-0123456789abcdef0123456789abcdef0123456789"
DEMONSTRATION = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": database(env.str("DATABASE_URL", default="sqlite:///:memory:"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"].pop("init_command")
else:
    # Workers of xdist each create and drop a database: a pool would hold it open.
    DATABASES["default"]["OPTIONS"].pop("pool")
VAR_DIR = Path(tempfile.gettempdir()) / "clausier-tests"
# In memory whatever the broker: emptying a Redis cache would empty its messages too.
CACHES = {"default": cache("")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
# What a test expects is typed with the space of the keyboard; the browser suite reads the pages as sent.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "config.middleware.TypographyMiddleware"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_URL = env.str("REDIS_URL", default="memory://")
CELERY_BROKER_TRANSPORT_OPTIONS = {}
