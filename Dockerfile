# The Debian release of the runtime libraries below, so that the linked versions are the same.
FROM swift:6.3-bookworm AS build

RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        pkg-config libmicrohttpd-dev libgnutls28-dev libpng-dev libzstd-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /source
COPY . .
# One build per kind of processor; at start the program selects the best one for the machine.
RUN set -eu; mkdir /image; \
    build() { \
        swift build $(scripts/release-flags "$1") --product pooling-server; \
        install .build/release/pooling-server "/image/pooling-server$2"; strip "/image/pooling-server$2"; \
        rm -rf .build; \
    }; \
    if [ "$(uname -m)" = x86_64 ]; then \
        for level in 2 3 4; do \
            suffix="-x86-64-v$level"; [ $level != 2 ] || suffix=; \
            build "$level" "$suffix"; \
        done; \
    else build "" ""; fi

FROM debian:bookworm-slim AS files

RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libmicrohttpd12 libgnutls30 libpng16-16 libstdc++6 libzstd1 zlib1g

COPY --from=build /image/ /files/usr/local/bin/
# Only the libraries that the program loads, each with the licence of its package.
RUN set -eu; program=/files/usr/local/bin/pooling-server; \
    for library in $(ldd "$program" | grep -o '/[^ ]*'); do \
        cp --parents --dereference "$library" /files; \
        package=$(dpkg-query --search "*$(readlink -f "$library" | sed 's|^/usr||')" | cut -d: -f1); \
        cp --parents "/usr/share/doc/$package/copyright" /files; \
    done; \
    cp --parents --recursive /usr/share/common-licenses /files

FROM scratch

LABEL org.opencontainers.image.title="pooling-server" \
      org.opencontainers.image.description="Pooling layers of neural networks over HTTP, forward and backward" \
      org.opencontainers.image.licenses="Apache-2.0"

COPY --from=files /files/ /

# A number, so that Kubernetes can verify that it is not root.
USER 65532:65532
ENV PATH=/usr/local/bin POOLING_SERVER_HOST=0.0.0.0
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=2s CMD ["pooling-server", "healthcheck"]
ENTRYPOINT ["pooling-server"]
