# One image for every process of docker-compose.yml; the command says which. The base is a series and not a digest: its
# newest patch comes in with `docker compose build --pull`. What pip installs is held by hashes.
FROM python:3.13-slim-trixie AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary=:all: --require-hashes -r requirements.lock

FROM python:3.13-slim-trixie
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    LIVEWARDEN_DATA_DIR=/data \
    LIVEWARDEN_STATIC_DIR=/app/served
RUN useradd --system --uid 10001 --no-create-home livewarden
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# Demo mode only for this one command: it needs no secret, and none ends up in a layer.
# Nothing in /app is written later: its file system is read-only then. /data is memory in docker-compose.yml.
RUN LIVEWARDEN_MODE=demo python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q . \
    && mkdir -p /data && chown 10001 /data
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "-m", "launcher.probe", "page", "8000", "/readyz"]
CMD ["daphne", "-b", "0.0.0.0", "-p", "8000", "-v", "0", "--no-server-name", "config.asgi:application"]
