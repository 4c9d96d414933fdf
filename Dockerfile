# Debian rather than Alpine: prebuilt native modules and glibc's name resolution work there without exceptions.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

# For compose.yaml alone: an exporter with a server for everything that can be wrong with a target (`npm run demo`).
FROM node:24-bookworm-slim AS demo
WORKDIR /opt/status-exporter
COPY package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY src ./src
COPY test ./test
USER 1000:1000
EXPOSE 9115
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:9115/-/healthy').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=20", \
            "test/demo.ts", "--serve", "--host=0.0.0.0", "--port=9115"]

# What is built where no other target is named.
FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Status Exporter" \
      org.opencontainers.image.description="A multi-target Prometheus exporter that says why a probe failed" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /opt/status-exporter
COPY LICENSE package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# Mount your own file over this one, or your own directory over its directory.
COPY config/status.yml /etc/status-exporter/status.yml
# What survives a restart: domain look-ups, server reports.
RUN mkdir data && chown 1000:1000 data
VOLUME /opt/status-exporter/data
# The image's user `node`, as a number so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 9115
# With TLS or passwords on the exporter's own pages (--web.config.file), replace this check by one that knows them.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:9115/-/healthy').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=20", \
            "/opt/status-exporter/dist/main.js", "--config.file=/etc/status-exporter/status.yml", \
            "--storage.path=/opt/status-exporter/data"]
