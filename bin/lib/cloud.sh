# shellcheck shell=sh
# The local cloud's container: find it, start it, stop it.

E2E_PORTS="4900 4999"
# The exit status of `python3 -m tidemark.teardown stop` if nothing was running.
NOTHING_RAN=3

check_port() {
    case $LOCALSTACK_PORT in *[!0-9]* | ??????*) false ;; *)
        [ "$LOCALSTACK_PORT" -ge 1 ] && [ "$LOCALSTACK_PORT" -le 65535 ] ;;
    esac || fail "LOCALSTACK_PORT=$LOCALSTACK_PORT: expected a port from 1 to 65535"
}

# List the local cloud's container on LOCALSTACK_PORT. Takes options of `docker ps`.
cloud() {
    service localstack --filter "label=tidemark.port=$LOCALSTACK_PORT" "$@"
}

# Print the project of the local cloud. The first one has the checkout's own name, so
# that `docker compose down` finds it; a second one, or one beside that of another
# checkout of the same name, has its port in its name.
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

# Fail if another program uses the port, before the images are built, which takes minutes.
refuse_taken_port() {
    [ -n "$(cloud --quiet)" ] || ! something_listens || fail_for_taken_port
}

fail_for_taken_port() {
    [ ! -f ".tidemark/local/$LOCALSTACK_PORT/cloud.json" ] || fail \
        "The local cloud on port $LOCALSTACK_PORT runs on the host: \`make down\` stops it."
    fail "Port $LOCALSTACK_PORT is taken by another program: stop it, or set \
LOCALSTACK_PORT to a free port."
}

# Check the addresses that `localhost` may mean, and those of all interfaces. Without
# Linux's /proc, Docker reports a used port when it starts the container.
something_listens() {
    cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | awk -v "port=$(printf %04X "$LOCALSTACK_PORT")" '
        BEGIN {
            taken["0100007F"] taken["00000000"]
            taken["00000000000000000000000001000000"]
            taken["00000000000000000000000000000000"]
            taken["0000000000000000FFFF00000100007F"]
        }
        split($2, address, ":") && $4 == "0A" && address[2] == port && address[1] in taken { found = 1 }
        END { exit !found }'
}

# Start the local cloud for the command $1, which other commands wait for.
start_cloud() {
    running=$(cloud --quiet)
    # Let the tool check its settings before anything is started.
    [ -n "$running" ] || run_alone "$1" check < /dev/null
    recreate=
    if [ -n "$running" ] && is_unhealthy "$running"; then
        recreate=--force-recreate
    fi
    # shellcheck disable=SC2086  # one option or none
    if logged start compose up --detach $recreate localstack; then
        touch "$IN_A_CONTAINER" && as_owner "$IN_A_CONTAINER"
        return
    fi
    remove_unstarted
    ! docker_found_port_taken || fail_for_taken_port
    fail "The local cloud did not start: $(cause start)"
}

is_unhealthy() {
    [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = unhealthy ]
}

docker_found_port_taken() {
    grep -q 'port is already allocated\|address already in use' "$LOGS/start.log"
}

remove_unstarted() {
    cloud --all --quiet --filter status=created | xargs docker rm > /dev/null 2>&1 || true
}

# Start a local cloud on a free port and in a project of its own, which this script
# removes when it exits.
with_own_cloud() {
    remove_clouds_of_killed_tests
    PROJECT=$(own_project)-e2e-$$
    trap 'remove_project "$PROJECT" > /dev/null' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    export LOCALSTACK_PORT="${E2E_PORTS% *}"
    until logged start compose up --detach localstack; do
        docker_found_port_taken || fail "The local cloud did not start: $(cause start)"
        [ "$LOCALSTACK_PORT" != "${E2E_PORTS#* }" ] ||
            fail "No port is free from ${E2E_PORTS% *} to ${E2E_PORTS#* }."
        LOCALSTACK_PORT=$((LOCALSTACK_PORT + 1))
    done
}

remove_clouds_of_killed_tests() {
    service localstack --all --format '{{.Label "com.docker.compose.project"}}' |
        sed -n 's/.*-e2e-\([0-9]*\)$/\1 &/p' | while read -r pid killed; do
            kill -0 "$pid" 2> /dev/null || remove_project "$killed" > /dev/null
        done
}

# Stop the local clouds in containers; the host's Python stops those on the host.
stop_clouds() {
    lines=$(stop_containers)
    rm -f "$IN_A_CONTAINER"
    if python_is_here && [ -n "$(find .tidemark/local -name cloud.json 2> /dev/null)" ]; then
        status=0
        stopped=$(python3 -m tidemark.teardown stop) || status=$?
        case $status in
            0) lines="$lines
$stopped" ;;
            "$NOTHING_RAN") ;;
            *) exit "$status" ;;
        esac
    fi
    printf '%s\n' "${lines:-No local cloud is running.}" | sed '/^$/d'
}

stop_containers() {
    service localstack --all --format \
        '{{.Label "com.docker.compose.project"}} {{.Label "tidemark.port"}}' |
        while read -r stopped port; do
            count=$(($(remove_project "$stopped")))
            [ "$count" = 1 ] && unit=container || unit=containers
            echo "Stopped the local cloud on port $port: $count $unit, none left."
        done
}

clean() {
    [ ! -d .tidemark ] || teardown check
    stop_clouds
    [ ! -d .tidemark ] || teardown clean > /dev/null
    echo "Removed everything that the commands created."
    remove_images
}

# Run a command of tidemark.teardown on the machine's Python, or else in a container.
teardown() {
    if python_is_here; then
        python3 -m tidemark.teardown "$1"
    else
        build
        run --python -m tidemark.teardown "$1"
    fi
}
