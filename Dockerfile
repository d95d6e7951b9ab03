# One image for every stage; `varta worker STAGE` says which one a container is.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/varta
COPY requirements.lock ./
RUN /opt/varta/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY services services
RUN /opt/varta/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home varta
COPY --from=build /opt/varta /opt/varta
COPY models /opt/models
COPY seeds /opt/seeds
ENV PATH=/opt/varta/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    VARTA_MODELS=/opt/models \
    VARTA_METRICS_HOST=0.0.0.0 \
    VARTA_METRICS_PORT=9100
USER 10001
WORKDIR /home/varta
EXPOSE 9100
ENTRYPOINT ["varta"]
CMD ["--help"]
