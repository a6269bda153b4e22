import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { request as requestTls } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox } from "@atlas-provision-mcp/sandbox";
import { expect, onTestFinished, test } from "vitest";
import { latestVersion, send, start } from "./harness.ts";

test("credentials are random, in Atlas's shapes", async () => {
  const { sandbox } = await start();
  expect(sandbox).toMatchObject({
    clientId: expect.stringMatching(/^mdb_sa_id_[a-f0-9]{24}$/),
    clientSecret: expect.stringMatching(/^mdb_sa_sk_[A-Za-z0-9_-]{40}$/),
    publicKey: expect.stringMatching(/^[a-z]{8}$/),
    privateKey: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    orgId: expect.stringMatching(/^[a-f0-9]{24}$/),
  });
  expect((await start()).sandbox.clientSecret).not.toBe(sandbox.clientSecret);
});

test("credentials and organization can be given, in part", async () => {
  const orgId = "a0123456789abcdef0123451";
  const { sandbox } = await start({ orgId, credentials: { clientId: "me" } });
  expect(sandbox).toMatchObject({ orgId, clientId: "me" });
  expect(sandbox.clientSecret).toMatch(/^mdb_sa_sk_/);
});

test("the same random numbers make the same sandbox", async () => {
  const { sandbox: one } = await start({ random: () => 0.25 });
  const { sandbox: two } = await start({ random: () => 0.25 });
  expect(one.clientSecret).toBe(two.clientSecret);
});

test("ids differ even where the random numbers do not", async () => {
  const { createProject } = await start({ random: () => 0.25 });
  expect(await createProject("a")).not.toBe(await createProject("b"));
});

test("the url has no path, and an answer's links start with it", async () => {
  const { api, sandbox } = await start();
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  expect((await api("GET", "")).string("links.0.href")).toBe(`${sandbox.url}/api/atlas/v2`);
});

test("answers carry the common headers of the API", async () => {
  const { api } = await start();
  const { headers } = await api("GET", "/orgs");
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubdomains;");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
  expect(headers.get("x-mongodb-service-version")).toMatch(/^gitHash=[0-9a-f]{40}; /);
});

test("a request without any Accept is not acceptable", async () => {
  const { base, oauth } = await start();
  const grant = { grant_type: "client_credentials" };
  const token = (await oauth("token", grant)).string("access_token");
  const headers = { Authorization: `Bearer ${token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${base}/api/atlas/v2/orgs`, { headers }, resolve).on("error", reject).end();
  });
  response.resume();
  expect(response.statusCode).toBe(406);
});

test("closing ends an idle connection at once and frees the port", async () => {
  const { sandbox } = await start();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  await new Promise<void>((resolve, reject) => {
    request(sandbox.url, { agent }, (response) => response.resume().on("end", resolve))
      .on("error", reject)
      .end();
  });
  await sandbox.close();
  await expect(fetch(sandbox.url)).rejects.toThrow();
});

test("closing ends a connection that has not said a word", async () => {
  const { sandbox } = await start();
  const socket = connect(Number(new URL(sandbox.url).port), "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  // One round trip, so that the server has taken the connection in.
  await fetch(sandbox.url);
  const ended = new Promise((resolve) => socket.once("close", resolve));
  await sandbox.close();
  await ended;
});

test("closing ends a delay and a request that hangs", async () => {
  const { api, control, sandbox, script } = await start();
  await api("GET", "/orgs");
  await script("listOrgs", "delay:600000");
  await script("listGroups", "hang");
  const pending = Promise.allSettled([api("GET", "/orgs"), api("GET", "/groups")]);
  while ((await control("GET", "/faults")).text !== '{"faults":[]}');
  await sandbox.close();
  expect((await pending).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("closing twice is closing once", async () => {
  const { sandbox } = await start();
  await Promise.all([sandbox.close(), sandbox.close()]);
});

test("the process keeps its own Request and Response", async () => {
  const before = [globalThis.Request, globalThis.Response];
  await start();
  expect([globalThis.Request, globalThis.Response]).toEqual(before);
});

const selfSigned = (): { key: string; cert: string } => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const output = ["-keyout", key, "-out", cert];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...output],
    { stdio: "ignore" },
  );
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
};

test("with a key and a certificate it speaks TLS, resets included", async () => {
  const tls = selfSigned();
  const sandbox = await createSandbox({ tls });
  onTestFinished(() => sandbox.close());
  expect(sandbox.url).toMatch(/^https:/);
  const token = (body: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const auth = `${sandbox.clientId}:${sandbox.clientSecret}`;
      const options = { method: "POST", ca: tls.cert, agent: false, headers, auth } as const;
      requestTls(`${sandbox.url}/api/oauth/token`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end(body);
    });
  expect(await token("grant_type=client_credentials")).toBe(200);

  const scripted = JSON.stringify([{ operation: "token", fault: "reset" }]);
  await new Promise<void>((resolve, reject) => {
    const options = { method: "POST", ca: tls.cert, agent: false } as const;
    requestTls(`${sandbox.url}/_sandbox/faults`, options, (response) => {
      response.resume().on("end", resolve);
    })
      .on("error", reject)
      .end(scripted);
  });
  await expect(token("grant_type=client_credentials")).rejects.toMatchObject({
    code: "ECONNRESET",
  });
});

test("what lies outside the API is not found", async () => {
  const { base } = await start();
  expect((await send(`${base}/api/elsewhere`, { headers: { Accept: latestVersion } })).status).toBe(
    404,
  );
});
