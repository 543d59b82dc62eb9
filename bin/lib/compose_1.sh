# shellcheck shell=sh
# Remove what Compose 1.29 prints of its own from the output of a command: a line for
# the container that it creates, and the exit status as a line. Version 2 prints neither.

# On a terminal both streams of the command are on standard output, and only Compose
# writes to standard error.
on_a_terminal() {
    if [ "$COMPOSE" != docker-compose ]; then
        "$@"
        return
    fi
    own_lines=$LOGS/run-$$.log
    "$@" 2> "$own_lines" && status=0 || status=$?
    drop_own_lines < "$own_lines" >&2
    rm -f "$own_lines"
    return "$status"
}

without_a_terminal() {
    if [ "$COMPOSE" != docker-compose ]; then
        "$@"
        return
    fi
    { { { "$@" 2>&1 >&3 3>&- 4>&- || echo $? >&4; } | drop_own_lines >&2 4>&-; } 4>&1 |
        { read -r status || status=0; return "$status"; }; } 3>&1
}

# The exit status is the last line: a number is printed once another line follows it.
drop_own_lines() {
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
