# shellcheck shell=sh
# The images: built where there are none of the sources that are there now.

IMAGES="tidemark-localstack tidemark-tool"

build() {
    TIDEMARK_SOURCES=$(sources)
    export TIDEMARK_SOURCES
    [ "$(built)" != "$TIDEMARK_SOURCES $TIDEMARK_SOURCES " ] || return 0
    step_begins "Building the containers"
    logged build compose --profile tools build ||
        fail "Building the containers failed: $(cause build)"
    step_ends
}

# A digest of what the images are made of, which they bear as a label.
sources() {
    find emulator requirements-*.txt .dockerignore -type f \
        ! -path '*/__pycache__/*' ! -path '*/build/*' ! -path '*.egg-info/*' |
        LC_ALL=C sort | while read -r file; do echo "$file" && cat "$file"; done |
        cksum | tr ' ' -
}

built() {
    # shellcheck disable=SC2086  # two names
    docker image inspect --format '{{index .Config.Labels "tidemark.sources"}}' \
        $IMAGES 2> /dev/null | tr '\n' ' '
}

remove_images() {
    # shellcheck disable=SC2086  # two names
    docker image rm $IMAGES > /dev/null 2>&1 || true
    docker image prune --force --filter label=tidemark.sources > /dev/null
    ! docker buildx version > /dev/null 2>&1 ||
        echo "What Docker keeps of builds, of all programs, goes with \`docker builder prune\`."
}
