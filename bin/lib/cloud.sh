# shellcheck shell=sh
# The local cloud's container: which it is, starting and ending it.

E2E_PORTS="4900 4999"

check_port() {
    case $LOCALSTACK_PORT in *[!0-9]* | ??????*) false ;; *)
        [ "$LOCALSTACK_PORT" -ge 1 ] && [ "$LOCALSTACK_PORT" -le 65535 ] ;;
    esac || fail "LOCALSTACK_PORT=$LOCALSTACK_PORT: expected a port from 1 to 65535"
}

# The one on LOCALSTACK_PORT; options of `docker ps`.
cloud() {
    service localstack --filter "label=tidemark.port=$LOCALSTACK_PORT" "$@"
}

# The first local cloud bears the checkout's name, so that `docker compose down` finds
# it; one beside it, or beside that of a checkout of the same name, its port as well.
project() {
    found=$(cloud --all --format '{{.Label "com.docker.compose.project"}}' | head -n 1)
    own=$(own_project)
    if [ -n "$found" ]; then
        echo "$found"
    elif [ -n "$(docker ps --all --quiet --filter label=com.docker.compose.service=localstack \
        --filter "label=com.docker.compose.project=$own")" ]; then
        echo "$own-$LOCALSTACK_PORT"
    else
        echo "$own"
    fi
}

# For a command, which others wait for.
start_cloud() {
    running=$(cloud --quiet)
    # What the tool would refuse before it starts anything.
    [ -n "$running" ] || run_alone "$1" check < /dev/null
    anew=
    if [ -n "$running" ] && is_ill "$running"; then
        anew=--force-recreate
    fi
    # shellcheck disable=SC2086  # one option or none
    if logged start compose up --detach $anew localstack; then
        touch "$IN_A_CONTAINER" && as_owner "$IN_A_CONTAINER"
        return
    fi
    remove_unstarted
    if ! port_is_taken; then
        fail "The local cloud did not start: $(cause start)"
    elif [ -f ".tidemark/local/$LOCALSTACK_PORT/cloud.json" ]; then
        fail "The local cloud on port $LOCALSTACK_PORT runs on the host: \`make down\` ends it."
    else
        fail "Port $LOCALSTACK_PORT is taken by another program: end that, or set \
LOCALSTACK_PORT to a free one."
    fi
}

is_ill() {
    [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = unhealthy ]
}

port_is_taken() {
    grep -q 'port is already allocated\|address already in use' "$LOGS/start.log"
}

remove_unstarted() {
    cloud --all --quiet --filter status=created | xargs docker rm > /dev/null 2>&1 || true
}

# On a port and in a project of their own, which end with this script.
with_a_cloud_of_their_own() {
    end_those_of_the_killed
    PROJECT=$(own_project)-e2e-$$
    trap 'remove_project "$PROJECT" > /dev/null' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    export LOCALSTACK_PORT="${E2E_PORTS% *}"
    until logged start compose up --detach localstack; do
        port_is_taken || fail "The local cloud did not start: $(cause start)"
        [ "$LOCALSTACK_PORT" != "${E2E_PORTS#* }" ] ||
            fail "No port is free from ${E2E_PORTS% *} to ${E2E_PORTS#* }."
        LOCALSTACK_PORT=$((LOCALSTACK_PORT + 1))
    done
}

end_those_of_the_killed() {
    service localstack --all --format '{{.Label "com.docker.compose.project"}}' |
        sed -n 's/.*-e2e-\([0-9]*\)$/\1 &/p' | while read -r pid killed; do
            kill -0 "$pid" 2> /dev/null || remove_project "$killed" > /dev/null
        done
}

# Those of the host are ended by the host's own Python.
end_clouds() {
    lines=$(end_each_cloud)
    rm -f "$IN_A_CONTAINER"
    if python_is_here && [ -n "$(find .tidemark/local -name cloud.json 2> /dev/null)" ]; then
        said=$(python3 -m tidemark.teardown down)
        [ "$said" = "No local cloud runs." ] || lines="$lines
$said"
    fi
    printf '%s\n' "${lines:-No local cloud runs.}" | sed '/^$/d'
}

end_each_cloud() {
    service localstack --all --format \
        '{{.Label "com.docker.compose.project"}} {{.Label "tidemark.port"}}' |
        while read -r ended port; do
            count=$(($(remove_project "$ended")))
            [ "$count" = 1 ] && unit=container || unit=containers
            echo "The local cloud on port $port has ended: $count $unit, none left."
        done
}

clean() {
    [ ! -d .tidemark ] || teardown check
    end_clouds
    [ ! -d .tidemark ] || teardown clean > /dev/null
    echo "Removed all that the commands had made."
    remove_images
}

# What the tool does of it, on the machine's own Python where there is one: it needs
# nothing that it removes.
teardown() {
    if python_is_here; then
        python3 -m tidemark.teardown "$1"
    else
        build
        run --python -m tidemark.teardown "$1"
    fi
}
