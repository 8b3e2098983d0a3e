# Deskbell and Litestream in one small image. `make image` builds it, without a Docker engine too.
# The tags are pinned; to move one, change it here and build. All three exist for amd64 and arm64, and the
# program is built on the platform that it is for, since SQLite is C.
ARG NODE_IMAGE=docker.io/library/node:20.20.2-bookworm-slim
ARG GO_IMAGE=docker.io/library/golang:1.26.8-bookworm
ARG RUNTIME_IMAGE=docker.io/library/debian:bookworm-slim

# What the pages load.
FROM ${NODE_IMAGE} AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-fund --no-audit

# What keeps replicas, from its own pinned module file.
FROM ${GO_IMAGE} AS litestream
WORKDIR /src
COPY replica/litestream.mod go.mod
COPY replica/litestream.sum go.sum
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/litestream github.com/benbjohnson/litestream/cmd/litestream

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/node_modules/htmx.org/dist/htmx.min.js static/vendor/
RUN CGO_ENABLED=0 go run ./static/pack
ARG VERSION=dev
RUN CGO_ENABLED=1 go build -trimpath -tags sqlite_fts5 -ldflags "-s -w -X main.version=${VERSION}" -o /out/deskbell .

FROM ${RUNTIME_IMAGE}
RUN if ! test -e /etc/ssl/certs/ca-certificates.crt || ! test -e /usr/share/zoneinfo/Europe/Berlin; then \
      apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/*; \
    fi && \
    groupadd --gid 1000 deskbell && useradd --uid 1000 --gid 1000 --home-dir /storage --no-create-home --shell /usr/sbin/nologin deskbell && \
    install --directory --mode 700 --owner deskbell --group deskbell /storage
COPY --from=litestream /out/litestream /usr/local/bin/
COPY --from=build /out/deskbell /usr/local/bin/
COPY hooks/ /hooks/
ARG VERSION=dev
LABEL org.opencontainers.image.title="Deskbell" \
      org.opencontainers.image.description="A ticket portal that a team hosts itself" \
      org.opencontainers.image.version="${VERSION}"
ENV DESKBELL_ADDR=:8080 DESKBELL_DATA=/storage
USER 1000:1000
WORKDIR /storage
VOLUME /storage
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["deskbell", "health"]
ENTRYPOINT ["deskbell"]
CMD ["serve"]
