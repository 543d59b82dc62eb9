# shellcheck shell=sh
# Compose, version 2 or Debian's, and which of Docker's containers are this checkout's.

CHECKOUT=$(pwd -P)
# Which of Compose's projects; none is the one that bears the checkout's name.
PROJECT=

if docker compose version > /dev/null 2>&1; then
    compose() { docker compose ${PROJECT:+-p "$PROJECT"} "$@"; }
else
    compose() { docker-compose ${PROJECT:+-p "$PROJECT"} "$@"; }
fi

# The name of the checkout's own project, as Compose makes it.
own_project() {
    basename "$CHECKOUT" | tr '[:upper:]' '[:lower:]' | tr -cd 'a-z0-9_-'
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
