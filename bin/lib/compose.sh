# shellcheck shell=sh
# Compose, version 2 or Debian's 1.29, and the containers of this checkout.

CHECKOUT=$(pwd -P)
export TIDEMARK_CHECKOUT="$CHECKOUT"

# Run Compose in PROJECT.
compose() {
    LOCALSTACK_PORT=$LOCALSTACK_PORT $COMPOSE --env-file bin/lib/compose.env \
        --file docker-compose.yml --project-name "$PROJECT" "$@"
}

# Print the name of the checkout's project: the name that Compose itself would choose,
# if that is a valid one.
own_project() {
    name=$(basename "$CHECKOUT" | tr '[:upper:]' '[:lower:]' | tr -cd 'a-z0-9_-' | sed 's/^[_-]*//')
    echo "${COMPOSE_PROJECT_NAME:-${name:-tidemark}}"
}

# List the containers of this checkout. Takes further options of `docker ps`.
ours() {
    docker ps --filter "label=com.docker.compose.project.working_dir=$CHECKOUT" "$@"
}

# List those of one service. Takes further options of `docker ps`.
service() {
    service=$1
    shift
    ours --filter "label=com.docker.compose.service=$service" "$@"
}

# Remove this checkout's containers of a project, and print their number. Compose's own
# `down` would also remove another checkout's containers of a project of the same name.
remove_project() {
    ids=$(ours --all --quiet --filter "label=com.docker.compose.project=$1")
    # shellcheck disable=SC2086  # one argument for each id
    [ -z "$ids" ] || docker rm --force $ids > /dev/null
    printf '%s\n' "$ids" | sed '/^$/d' | wc -l
}
