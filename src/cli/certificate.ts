/** The private key and the certificate of `sandbox`, checked before they are used. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { messageOf } from "../common/errno.ts";
import { ConfigError } from "../config/config.ts";
import { readNamedFile } from "../config/named-file.ts";

export type Tls = { key: string; cert: string };

const keyIn = (pem: string): KeyObject => {
  try {
    return createPrivateKey(pem);
  } catch {
    const isEncrypted = /ENCRYPTED/.test(pem);
    throw new ConfigError(
      isEncrypted
        ? "--tls-key: the private key is encrypted; it is needed without a passphrase"
        : "--tls-key: the file has no private key in PEM (-----BEGIN PRIVATE KEY-----)",
    );
  }
};

const certificateIn = (pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConfigError(
      "--tls-cert: the file has no certificate in PEM (-----BEGIN CERTIFICATE-----)",
    );
  }
};

/** Reads both files. Throws `ConfigError` unless https can be served with them. */
export const readTls = (keyPath: string, certPath: string): Tls => {
  const tls = {
    key: readNamedFile({ path: keyPath, from: "--tls-key" }, { pipe: true }),
    cert: readNamedFile({ path: certPath, from: "--tls-cert" }, { pipe: true }),
  };
  const key = keyIn(tls.key);
  if (!certificateIn(tls.cert).checkPrivateKey(key))
    throw new ConfigError(
      "--tls-key and --tls-cert do not belong together: the certificate is of another key",
    );
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new ConfigError(`--tls-key and --tls-cert cannot be used: ${messageOf(error)}`);
  }
  return tls;
};

/** Why a client would refuse the certificate now, by its dates; undefined if it would not. */
export const dateProblem = (cert: string): string | undefined => {
  const { validFrom, validTo } = new X509Certificate(cert);
  if (Date.parse(validFrom) > Date.now()) return `the certificate is not valid before ${validFrom}`;
  return Date.parse(validTo) < Date.now() ? `the certificate ended on ${validTo}` : undefined;
};
