# The server itself in a container, beside the engine's socket:
#
#   docker build -t mcp-docker-exec .
#   docker run -i --rm --network none -v /var/run/docker.sock:/var/run/docker.sock \
#     --group-add "$(stat -c %g /var/run/docker.sock)" mcp-docker-exec
#
# It runs as the user `node` (1000:1000): --group-add gives it the socket's group, without which it cannot reach the engine.
# Whoever may use that socket is as good as root on the host; a container around the server does not change that.

FROM node:22-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json README.md LICENSE ./
COPY native native
COPY packaging packaging
COPY src src
COPY workers workers
RUN npm pack && npm install --global --prefix /opt/mcp-docker-exec ./mcp-docker-exec-*.tgz

FROM node:22-bookworm-slim
COPY --from=build /opt/mcp-docker-exec /opt/mcp-docker-exec
ENV PATH=/opt/mcp-docker-exec/bin:$PATH
USER node
ENTRYPOINT ["mcp-docker-exec"]
