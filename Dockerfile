# One image for every process of docker-compose.yml; the command says which.
FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.txt constraints.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt -c constraints.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    DJANGO_SETTINGS_MODULE=config.settings
RUN useradd --system --uid 10001 --no-create-home livewarden
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# Demo mode only for this one command: it needs no secret, and none ends up in a layer.
RUN LIVEWARDEN_MODE=demo python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R 10001 /app/var
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "-m", "launcher.probe", "page", "8000", "/readyz"]
CMD ["daphne", "-b", "0.0.0.0", "-p", "8000", "-v", "0", "--no-server-name", "config.asgi:application"]
