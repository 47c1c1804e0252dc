# The portal: one image for web, worker, beat and migrate; which of them it is, the command says.
# Mirrors: --build-arg PYTHON=… --build-arg NODE=… --build-arg PIP_INDEX_URL=… --build-arg npm_config_registry=…
ARG PYTHON=python:3.12-slim-bookworm
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS assets
ARG npm_config_registry
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --include=dev
COPY frontend frontend
RUN npm run build

FROM ${PYTHON} AS packages
ARG PIP_INDEX_URL
COPY requirements/runtime.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r runtime.txt

FROM ${PYTHON}
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    VAR=/var/lib/portal
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent portal \
 && install -d -o portal -g portal -m 750 /var/lib/portal /var/lib/portal/files
WORKDIR /portal
COPY --from=packages /venv /venv
COPY . .
COPY --from=assets /build/frontend/dist frontend/dist
# Translations, the font of printed papers and static files belong to the image. None needs a server, but the settings want to be told of some.
RUN export SECRET_KEY=build DATA_KEY=build INDEX_KEY=build ALLOWED_HOSTS=localhost HTTPS=0 PROXIES=0 REDIS_URL=redis://127.0.0.1:1/0 \
      DATABASE_URL=postgres://nobody@127.0.0.1:1/none \
 && python manage.py messages --compile \
 && python manage.py font \
 && python manage.py collectstatic --no-input \
 && python -m compileall -q /portal
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
# nginx stands in front and waits for slow clients, so synchronous workers are the fastest.
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--preload", "--timeout", "60", \
     "--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
