# The base image is pinned by the digest of its index, for all platforms; docs/operations.md#upgrade says how to take a newer
# one. The program is one bundle without dependencies: the image is Node and dist/.
FROM node:24.20.0-alpine3.24@sha256:e67514e5d0f6c46656005e1b693b2ec9d52e80b641307de684d4a015ba7a4eaf AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY sandbox/package.json ./sandbox/
# The packages that build it run no code of their own at the installation.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24.20.0-alpine3.24@sha256:e67514e5d0f6c46656005e1b693b2ec9d52e80b641307de684d4a015ba7a4eaf
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE /build/THIRD_PARTY_NOTICES.md ./
COPY --from=build /build/dist ./dist
# Where `sandbox --state` can write.
RUN mkdir /state && chown node:node /state
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.cjs"]
CMD ["http", "--host", "0.0.0.0", "--port", "3000"]
