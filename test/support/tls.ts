/** Certificates made on the spot with openssl: right ones, expired ones, for any host name. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Certificate = { key: string; cert: string; keyPath: string; certPath: string };

export type Certificates = {
  /** A self-signed certificate for these host names; `expired` ended long ago. */
  make(hosts: string[], expired?: boolean): Certificate;
  remove(): void;
};

// `openssl req` knows no certificate of the past, `openssl ca` does.
const authority = `
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
`;

export const openCertificates = (): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  writeFileSync(join(folder, "authority"), authority);
  writeFileSync(join(folder, "index"), "");
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let count = 0;

  return {
    make: (hosts, expired = false) => {
      count += 1;
      const [key, cert, request] = [`${count}.key`, `${count}.pem`, `${count}.csr`];
      const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`));
      const subject = ["-subj", `/CN=test ${count}`, "-addext", `subjectAltName=${names}`];
      const fresh = ["-newkey", "rsa:2048", "-nodes", "-keyout", key];
      if (expired) {
        openssl("req", "-new", ...fresh, ...subject, "-out", request);
        const times = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
        const files = ["-config", "authority", "-keyfile", key, "-in", request, "-out", cert];
        openssl("ca", "-batch", "-selfsign", "-notext", ...files, ...times);
      } else openssl("req", "-x509", "-days", "2", ...fresh, ...subject, "-out", cert);
      const [keyPath, certPath] = [join(folder, key), join(folder, cert)];
      return {
        key: readFileSync(keyPath, "utf8"),
        cert: readFileSync(certPath, "utf8"),
        keyPath,
        certPath,
      };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
};
