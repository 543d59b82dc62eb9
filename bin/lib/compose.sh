# shellcheck shell=sh
# Compose, version 2 or Debian's, and which of Docker's containers are this checkout's.

CHECKOUT=$(pwd -P)
export TIDEMARK_CHECKOUT="$CHECKOUT"

# Within PROJECT. What is in .env the tool reads, by other rules than Compose.
compose() {
    LOCALSTACK_PORT=$LOCALSTACK_PORT $COMPOSE --env-file bin/lib/compose.env \
        --file docker-compose.yml --project-name "$PROJECT" "$@"
}

# The name of the checkout's own project: Compose's own choice, if that is a name.
own_project() {
    name=$(basename "$CHECKOUT" | tr '[:upper:]' '[:lower:]' | tr -cd 'a-z0-9_-' | sed 's/^[_-]*//')
    echo "${COMPOSE_PROJECT_NAME:-${name:-tidemark}}"
}

# Containers of this checkout; more options of `docker ps`.
ours() {
    docker ps --filter "label=com.docker.compose.project.working_dir=$CHECKOUT" "$@"
}

# Those of a service of this checkout; more options of `docker ps`.
service() {
    service=$1
    shift
    ours --filter "label=com.docker.compose.service=$service" "$@"
}

# Remove what this checkout has of a project; prints their number. Compose's own `down`
# takes what others call by the same name, too.
remove_project() {
    ids=$(ours --all --quiet --filter "label=com.docker.compose.project=$1")
    # shellcheck disable=SC2086  # one word each
    [ -z "$ids" ] || docker rm --force $ids > /dev/null
    printf '%s\n' "$ids" | sed '/^$/d' | wc -l
}
