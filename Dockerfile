FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    VAR_DIR=/var/lib/clausier

# Pango and HarfBuzz lay out the PDF reports.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# Production settings refuse to start without these; none of them stays in the image.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=sqlite:///:memory: REDIS_URL=redis://build \
    python manage.py collectstatic --noinput

# The folder is created here so that a volume mounted on it belongs to this user.
RUN useradd --system --home-dir /var/lib/clausier clausier \
    && install --directory --owner clausier /var/lib/clausier /var/lib/clausier/files /var/lib/clausier/beat
USER clausier

EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--worker-class", "gthread", "--threads", "8", "--access-logfile", "-"]
