# Builds two images from the same locks as on the host: `localstack`, the local cloud, and
# `tidemark`, the tool with the tests. They share the stage `locked`, which takes longest.

FROM hashicorp/terraform:1.11.4 AS terraform

FROM python:3.13-slim-bookworm AS locked
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
ENV HOME=/tmp PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore UV_NO_CACHE=1
WORKDIR /usr/local/lib/tidemark
COPY requirements/bootstrap.txt requirements/runtime.txt requirements/localstack.txt requirements/
# Compiles bytecode: containers are read-only, and the base image has none.
RUN python -m pip install --require-hashes -r requirements/bootstrap.txt \
    && for name in runtime localstack; do \
        python -m uv --quiet venv $name \
        && python -m uv --quiet pip sync --python $name --compile-bytecode \
            --require-hashes requirements/$name.txt \
        || exit; \
    done \
    && python -m pip uninstall --yes uv \
    && python -m compileall -q -x /test/ /usr/local/lib/python3.13
COPY emulator/tidemark_localstack/__init__.py emulator/tidemark_localstack/service_index.py tidemark_localstack/
COPY emulator/tidemark_localstack/dynamodb_local tidemark_localstack/dynamodb_local
RUN localstack/bin/python -m tidemark_localstack.dynamodb_local install \
    && localstack/bin/python -m tidemark_localstack.service_index \
    && rm -rf tidemark_localstack /tmp/.m2 /tmp/.cache

FROM locked AS localstack
ARG PIP_INDEX_URL
COPY emulator emulator
RUN python -m pip --python localstack install --no-deps ./emulator
USER nobody
ENTRYPOINT ["/usr/local/lib/tidemark/localstack/bin/python", "-m", "tidemark_localstack", "serve", \
    "--listen", "0.0.0.0", "--runtime-python", "/usr/local/lib/tidemark/runtime/bin/python", \
    "--state-dir", "/state"]

FROM locked AS tidemark
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
COPY --from=terraform /bin/terraform /usr/local/bin/
COPY requirements/dev.txt requirements/
RUN python -m venv venv \
    && venv/bin/python -m pip install --require-hashes -r requirements/bootstrap.txt \
    && venv/bin/python -m uv --quiet pip sync --python venv --compile-bytecode \
        --require-hashes requirements/dev.txt
COPY emulator emulator
RUN python -m pip --python localstack install --no-deps ./emulator
USER nobody
ENV PATH=/usr/local/lib/tidemark/venv/bin:$PATH
ENTRYPOINT ["python", "-m", "tidemark"]
