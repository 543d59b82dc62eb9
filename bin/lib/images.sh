# shellcheck shell=sh
# Build the images; their tag is a digest of their sources, and a new one means a new build.

build() {
    make_folders
    TIDEMARK_SOURCES=$(sources)
    export TIDEMARK_SOURCES
    # shellcheck disable=SC2046  # two names
    ! docker image inspect $(images) > /dev/null 2>&1 || return 0
    step_begins "Building the containers"
    # shellcheck disable=SC2046  # one word each
    logged build compose --profile tools build $(build_arguments) ||
        step_fails "$(cause build)"
    step_ends
    remove_older
}

sources() {
    find Dockerfile emulator requirements/bootstrap.txt requirements/dev.txt requirements/localstack.txt \
        requirements/runtime.txt .dockerignore -type f \
        ! -path '*/__pycache__/*' ! -path '*/build/*' ! -path '*.egg-info/*' |
        LC_ALL=C sort | while read -r file; do echo "$file" && cat "$file"; done |
        cksum | tr ' ' -
}

images() {
    echo "tidemark-localstack:$TIDEMARK_SOURCES"
    echo "tidemark-tool:$TIDEMARK_SOURCES"
}

# Print the build arguments that a build needs to reach the package registries.
build_arguments() {
    env | sed -n 's/^\([A-Z]*_PROXY\|[a-z]*_proxy\|UV_DEFAULT_INDEX\|PIP_INDEX_URL\)=.*/--build-arg \1/p'
}

# Remove the images of this checkout's earlier sources, except those in use.
remove_older() {
    docker image ls --filter "label=tidemark.checkout=$CHECKOUT" --format '{{.Repository}}:{{.Tag}}' |
        grep -v ":$TIDEMARK_SOURCES\$" | xargs docker image rm > /dev/null 2>&1 || true
}

remove_images() {
    TIDEMARK_SOURCES=none
    remove_older
    docker image prune --force --filter "label=tidemark.checkout=$CHECKOUT" > /dev/null
    ! docker buildx version > /dev/null 2>&1 ||
        echo "Docker's build cache remains: \`docker builder prune\` removes it."
}
