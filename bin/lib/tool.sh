# shellcheck shell=sh
# The tool's container: one for each command, beside the local cloud where that runs.

# Exchanges' recorded messages, which tests read in place where they are there.
RECORDED=$(dirname "$CHECKOUT")/shared/data

# Says what it is at, as long as it is: others wait for that.
run_alone() {
    at_work="$1 (container $PROJECT-$$)"
    shift
    run "$@"
}

refuse_beside_another() {
    refuse_while_busy --filter "label=tidemark.port=$LOCALSTACK_PORT"
}

refuse_while_busy() {
    busy=$(service tidemark --format '{{.Label "tidemark.command"}}' "$@" | sed '/^$/d' | head -n 1)
    [ -z "$busy" ] || fail "Another command is at work here: $busy. Let it finish."
}

# A command of the tool, or of Python after `--python`.
run() {
    network=$(cloud --quiet | head -n 1)
    TIDEMARK_NETWORK=${network:+container:$network}
    TIDEMARK_NETWORK=${TIDEMARK_NETWORK:-bridge}
    TIDEMARK_USER=$(user)
    # Compose 5 would say what it makes among what the command says.
    COMPOSE_PROGRESS=quiet
    export TIDEMARK_NETWORK TIDEMARK_USER COMPOSE_PROGRESS
    mounts=$(mounts "$@")
    if [ "$1" = --python ]; then
        shift
        set -- --entrypoint python tidemark "$@"
    else
        set -- tidemark "$@"
    fi
    for name in $(passed_on); do
        set -- -e "$name" "$@"
    done
    IFS='
'
    for mount in $mounts; do
        set -- -v "$mount" "$@"
    done
    unset IFS
    [ -z "${at_work:-}" ] || set -- --label "tidemark.command=$at_work" "$@"
    container=$PROJECT-$$
    if [ -t 0 ] && [ -t 1 ]; then
        stop_on_signals "1"
        on_a_terminal compose run --rm --name "$container" "$@"
    else
        # In the background, since a signal is only heard by a shell that waits.
        stop_on_signals "1 2 3"
        { elsewhere compose run --rm --name "$container" -T "$@" <&3 3<&- & } 3<&0
        wait $!
    fi
}

# So many tries, since Compose may be about to start the container.
stop_on_signals() {
    tries=$1
    trap 'stop 130' INT
    trap 'stop 143' TERM HUP
}

stop() {
    trap '' INT TERM HUP
    for try in $tries; do
        [ "$try" = 1 ] || sleep 1
        ! docker stop "$container" > /dev/null 2>&1 || break
    done
    exit "$1"
}

# Whom the files belong to. In rootless Docker, and only there, that is root inside.
user() {
    case $(docker info --format '{{.SecurityOptions}}') in
        *name=rootless*) echo 0:0 ;;
        *) if [ "$(id -u)" = 0 ]; then owner; else echo "$(id -u):$(id -g)"; fi ;;
    esac
}

# Of the checkout: root itself has no more rights in a container than that.
owner() {
    # shellcheck disable=SC2012  # there is no stat that all systems have
    ls -nd . | awk '{ print $3 ":" $4 }'
}

# Makes that the owner of what a script has made where root runs it.
as_owner() {
    [ "$(id -u)" != 0 ] || chown "$(owner)" "$@"
}

# What a command reads outside the checkout lies where it lies on the machine.
mounts() {
    [ ! -d "${HOME:-}/.aws" ] || ! is_for_aws "$1" || echo "$HOME/.aws:/tmp/.aws"
    {
        given_file "$@"
        setting TERRAFORM_PLUGIN_DIR ''
        case $1 in --python) echo "$RECORDED" ;; esac
        env | sed -n 's/^AWS_[A-Z0-9_]*=//p'
    } | while read -r path; do
        case $path in
            "$CHECKOUT"/*) ;;
            /*) [ ! -e "$path" ] || echo "$path:$path:ro" ;;
        esac
    done
}

is_for_aws() {
    case $1 in deploy | plan | destroy) return 0 ;; esac
    [ "$(setting TARGET local)" = aws ]
}

# Whether `--file` names what is not there, which the tool says best.
lacks_its_file() {
    [ "${2:-}" = --file ] && [ "${3:-}" != - ] && [ ! -f "${3:-}" ]
}

# The absolute path of what follows `--file`.
given_file() {
    while [ $# -gt 1 ]; do
        if [ "$1" = --file ] && [ -f "$2" ]; then
            echo "$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"
        fi
        shift
    done
}

# The settings, and what else a command may read of the user's environment.
passed_on() {
    names=$(sed -n 's/^\([A-Z_]*\)=.*/\1/p' .env.example | tr '\n' ' ')
    env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | while read -r name; do
        case " $names" in *" $name "*) echo "$name" ;; esac
        case $name in
            AUTO_APPROVE | AWS_* | COLUMNS | E2E_TRADES | FEED_URL_* | NO_COLOR) echo "$name" ;;
            UV_DEFAULT_INDEX | *_PROXY | *_proxy) echo "$name" ;;
        esac
    done | sort -u
}

# Compose 1.29 says what it makes, and the exit status, among what the command says. On a
# terminal that has both streams on standard output, and Compose alone the other.
on_a_terminal() {
    if [ "$COMPOSE" != docker-compose ]; then
        "$@"
        return
    fi
    own_words=$LOGS/run-$$.log
    "$@" 2> "$own_words" && status=0 || status=$?
    drop_announcement < "$own_words" >&2
    rm -f "$own_words"
    return "$status"
}

elsewhere() {
    if [ "$COMPOSE" != docker-compose ]; then
        "$@"
        return
    fi
    { { { "$@" 2>&1 >&3 3>&- 4>&- || echo $? >&4; } | drop_announcement >&2 4>&-; } 4>&1 |
        { read -r status || status=0; return "$status"; }; } 3>&1
}

drop_announcement() {
    number=
    while IFS= read -r line || [ -n "$line" ]; do
        [ -z "$number" ] || printf '%s\n' "$number"
        number=
        case $line in
            Creating*_run*) ;;
            '' | *[!0-9]*) printf '%s\n' "$line" ;;
            *) number=$line ;;
        esac
    done
}
