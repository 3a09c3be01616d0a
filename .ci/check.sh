#!/usr/bin/env bash
# Every check that runs no test. All steps run; the exit code says whether one of them failed.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.venv/bin:$PATH"

rooms=(config accounts jobs procurement structures clauses reporting)
mapfile -t python < <(find manage.py "${rooms[@]}" tests .ci -name '*.py' | sort)
mapfile -t templates < <(find templates -name '*.html' | sort)
# Narrow on purpose: annotations are required where the law is, and checked there.
mapfile -t typed < <(find "${rooms[@]}" -path '*/services/*.py' -o -path '*/rules/*.py' -o -path '*/queries/*.py' \
    -o -name workflow.py -o -name queries.py -o -name enums.py | sort)
failed=()

step() {
    printf '\n── %s\n' "$1"
    "${@:2}" || failed+=("$1")
}

# Production refuses to start without these; the values only have to be well formed.
as_production() {
    DJANGO_SETTINGS_MODULE=config.settings.prod \
        SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        ALLOWED_HOSTS=clausier.example \
        DATABASE_URL=postgres://clausier@127.0.0.1/clausier \
        REDIS_URL=redis://127.0.0.1/0 \
        EMAIL_URL=smtp://127.0.0.1:25 \
        DEFAULT_FROM_EMAIL=clausier@clausier.example \
        "$@"
}

step "ruff format" ruff format --check .
step "ruff check" ruff check .
step "import contracts" lint-imports --no-cache
step "Django idioms" django-upgrade --check --target-version 5.2 "${python[@]}"
step "template format" djade --check --target-version 5.2 "${templates[@]}"
step "template indentation" djhtml --check --tabwidth 4 "${templates[@]}"
step "types" mypy "${typed[@]}"
step "migrations" python manage.py makemigrations --check --dry-run --settings=config.settings.test
step "deployment" as_production python manage.py check --deploy --fail-level WARNING

if ((${#failed[@]})); then
    printf '\nFailed:'
    printf ' %s;' "${failed[@]}"
    printf '\n'
    exit 1
fi
printf '\nEvery check passed.\n'
