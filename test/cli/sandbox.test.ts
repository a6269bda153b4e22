import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";
import { type Certificate, type Certificates, openCertificates } from "../support/tls.ts";

let certificates: Certificates;
let [one, other] = [{}, {}] as [Certificate, Certificate];
const made = { garbage: "", encrypted: "", folder: "" };

beforeAll(() => {
  certificates = openCertificates();
  [one, other] = [certificates.make(["localhost"]), certificates.make(["localhost"], true)];
  made.folder = dirname(one.keyPath);
  made.garbage = join(made.folder, "garbage");
  made.encrypted = join(made.folder, "encrypted");
  writeFileSync(made.garbage, Buffer.from([0, 255, 10, 13, 200]));
  const words = ["pkcs8", "-topk8", "-in", one.keyPath, "-passout", "pass:abcd"];
  execFileSync("openssl", [...words, "-out", made.encrypted]);
});
afterAll(() => certificates.remove());

type Files = () => [key: string, cert: string];

const wrong: [what: string, files: Files, says: RegExp][] = [
  ["a key that is none", () => [made.garbage, one.certPath], /--tls-key: .* no private key in PEM/],
  [
    "a certificate that is none",
    () => [one.keyPath, made.garbage],
    /--tls-cert: .* no certificate/,
  ],
  ["the two changed over", () => [one.certPath, one.keyPath], /--tls-key: .* no private key/],
  ["the certificate of another key", () => [one.keyPath, other.certPath], /do not belong together/],
  ["a key with a passphrase", () => [made.encrypted, one.certPath], /encrypted/],
  ["a folder", () => [made.folder, one.certPath], /--tls-key: .* is a folder/],
  ["a device", () => ["/dev/zero", one.certPath], /--tls-key: .* is a device/],
  ["no file", () => ["/nowhere", one.certPath], /--tls-key: \/nowhere does not exist \(ENOENT\)/],
];

describe.each(["sandbox", "doctor sandbox"])("%s does not start with", (command) => {
  it.each(wrong)("%s for https, and says why in one line", async (_what, files, says) => {
    const [key, cert] = files();
    const args = [...command.split(" "), "--port", "0", "--tls-key", key, "--tls-cert", cert];
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });
});

describe("doctor sandbox", () => {
  it("knows a running sandbox", async () => {
    const sandbox = await startSandbox();
    const { port } = new URL(sandbox.url);
    const { code, stdout } = await run(["doctor", "sandbox", "--port", port]);
    await sandbox.close();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`warning +sandbox +a sandbox runs on 127.0.0.1 port ${port}`),
    );
  });

  it("says that https can be served", async () => {
    const args = ["--port", "0", "--tls-key", one.keyPath, "--tls-cert", one.certPath];
    const { code, stdout } = await run(["doctor", "sandbox", ...args]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/certificate +fits[\s\S]*\nReady\.\n$/),
    ]);
  });

  it("warns of a certificate that has ended", async () => {
    const args = ["--port", "0", "--tls-key", other.keyPath, "--tls-cert", other.certPath];
    const { code, stdout } = await run(["doctor", "sandbox", ...args]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning +certificate +the certificate ended on .*2020/m);
  });
});
