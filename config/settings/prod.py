from config.settings.base import *
from config.settings.environment import required


SECRET_KEY = required("SECRET_KEY", "fifty random characters that sign sessions and links")
required("DATABASE_URL", "postgres://user:password@host/name")
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "the host names served, separated by commas").split(",")

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
