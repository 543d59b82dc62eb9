# shellcheck shell=sh
# The local cloud's container: which it is, starting and ending it.

check_port() {
    case $LOCALSTACK_PORT in *[!0-9]* | ??????*) false ;; *)
        [ "$LOCALSTACK_PORT" -ge 1 ] && [ "$LOCALSTACK_PORT" -le 65535 ] ;;
    esac || fail "LOCALSTACK_PORT=$LOCALSTACK_PORT: expected a port from 1 to 65535"
}

start_cloud() {
    running=$(cloud --quiet)
    # What the tool would refuse before it starts anything.
    [ -n "$running" ] || run check
    case $(docker inspect --format '{{.State.Health.Status}}' "$running" 2>&1) in
        unhealthy) anew=--force-recreate ;;
        *) anew= ;;
    esac
    # shellcheck disable=SC2086  # one option or none
    logged cloud compose up --detach $anew localstack && return
    compose down > /dev/null 2>&1 || true
    if port_is_taken; then
        [ ! -f ".tidemark/local/$LOCALSTACK_PORT/cloud.json" ] ||
            fail "The local cloud on port $LOCALSTACK_PORT runs on the host: \`make down\` ends it."
        fail "Port $LOCALSTACK_PORT is taken by another program: end that, or set \
LOCALSTACK_PORT to a free one."
    fi
    fail "The local cloud did not start: $(cause cloud)"
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

port_is_taken() {
    grep -q 'already allocated\|already in use' "$LOGS/cloud.log"
}

# On a port and in a project of their own, which end with this script.
with_a_cloud_of_their_own() {
    end_those_of_the_killed
    PROJECT=$(own_project)-e2e-$$
    trap 'compose down --volumes --remove-orphans > /dev/null 2>&1' EXIT
    trap 'exit 130' INT TERM HUP
    export LOCALSTACK_PORT=4900
    until logged cloud compose up --detach localstack; do
        port_is_taken || fail "The local cloud did not start: $(cause cloud)"
        LOCALSTACK_PORT=$((LOCALSTACK_PORT + 1))
    done
}

end_those_of_the_killed() {
    ours localstack --all --format '{{.Label "com.docker.compose.project"}}' |
        sed -n 's/.*-e2e-\([0-9]*\)$/\1 &/p' | while read -r pid PROJECT; do
            kill -0 "$pid" 2> /dev/null ||
                compose down --volumes --remove-orphans > /dev/null 2>&1 < /dev/null
        done
}

end_clouds() {
    refuse_while_busy
    lines=$(end_each_cloud)
    # What was started before there was an engine.
    if [ -n "$(find .tidemark/local -name cloud.json 2> /dev/null)" ]; then
        lines="$lines
$(python3 -m tidemark.teardown down)"
    fi
    printf '%s\n' "${lines:-No local cloud runs.}" | sed '/^$/d'
}

end_each_cloud() {
    ours localstack --all --format \
        '{{.Label "com.docker.compose.project"}} {{.Label "tidemark.port"}}' |
        while read -r PROJECT port; do
            of_it=label=com.docker.compose.project=$PROJECT
            count=$(docker ps --all --quiet --filter "$of_it" | grep -c .)
            said=$(compose down --volumes --remove-orphans 2>&1 < /dev/null) ||
                fail "The local cloud on port $port does not end: $(last_line "$said")"
            [ "$count" = 1 ] && unit=container || unit=containers
            echo "The local cloud on port $port has ended: $count $unit, none left."
        done
}

clean() {
    refuse_while_busy
    # In a container, since the tool knows what must not go.
    if [ -d .tidemark ]; then
        [ -n "$(built)" ] || build
        run clean > /dev/null
    fi
    end_clouds
    echo "Removed all that the commands had made."
    remove_images
}
