# The studio alone, for a team (docs/own-server.md). Training servers run elsewhere.
FROM node:20-slim AS build
WORKDIR /studio
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# What the studio's server never loads goes, too: browsers for tests, and what would compute in the page.
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf .next/cache dist e2e \
  && cd node_modules && rm -rf onnxruntime-web @playwright playwright playwright-core

FROM node:20-slim
ENV NODE_ENV=production STUDIO_DATA_DIR=/data
WORKDIR /studio
COPY --from=build /studio ./
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/api/session').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "node_modules/next/dist/bin/next", "start", "--hostname", "0.0.0.0", "--port", "3000"]
