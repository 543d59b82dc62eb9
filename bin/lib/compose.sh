# shellcheck shell=sh
# Compose, version 2 or Debian's, and which of Docker's containers are this checkout's.

CHECKOUT=$(pwd -P)

if docker compose version > /dev/null 2>&1; then
    COMPOSE="docker compose"
else
    COMPOSE=docker-compose
fi

# Within PROJECT.
compose() {
    LOCALSTACK_PORT=$LOCALSTACK_PORT $COMPOSE --env-file bin/lib/compose.env -p "$PROJECT" "$@"
}

# The name of the checkout's own project: Compose's own choice, if that is a name.
own_project() {
    name=$(basename "$CHECKOUT" | tr '[:upper:]' '[:lower:]' | tr -cd 'a-z0-9_-' | sed 's/^[_-]*//')
    echo "${COMPOSE_PROJECT_NAME:-${name:-tidemark}}"
}

# Containers of this checkout: a service, then more options of `docker ps`.
ours() {
    service=$1
    shift
    docker ps --filter "label=com.docker.compose.project.working_dir=$CHECKOUT" \
        --filter "label=com.docker.compose.service=$service" "$@"
}

# Those of the local cloud on LOCALSTACK_PORT; options of `docker ps`.
cloud() {
    ours localstack --filter "label=tidemark.port=$LOCALSTACK_PORT" "$@"
}
