// The SBOM of the bundle, in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/). It has no time and no serial number,
// so that one source has one SBOM.
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Package = { version: string; license: string; integrity?: string };

const purlOf = (name: string, version: string): string =>
  `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** The name in two parts, as CycloneDX has it, and what identifies the package. */
const identityOf = (name: string, { version, license }: Package) => {
  const [last = name, group] = name.split("/").reverse();
  const purl = purlOf(name, version);
  return {
    "bom-ref": purl,
    ...(group === undefined ? {} : { group }),
    name: last,
    version,
    licenses: [/\s/.test(license) ? { expression: license } : { license: { id: license } }],
    purl,
  };
};

/** The hash of the package as the lock file has it: of the archive that was installed. */
const hashesOf = ({ integrity = "" }: Package) => {
  const [, digest] = /^sha512-(.+)$/.exec(integrity) ?? [];
  if (digest === undefined) throw new Error("a bundled package has no sha512 in the lock file");
  return [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }];
};

/** The SBOM of a bundle with these packages. */
export const sbomFor = (root: string, names: ReadonlySet<string>): string => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const { name, version, license } = read("package.json");
  const { packages }: { packages: Record<string, Package> } = read("package-lock.json");
  const own = identityOf(name, { version, license });
  const components = [...names].sort().map((one) => {
    const locked = packages[`node_modules/${one}`];
    if (locked === undefined) throw new Error(`${one} is bundled and not in the lock file`);
    return { type: "library", ...identityOf(one, locked), hashes: hashesOf(locked) };
  });
  const sbom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", ...own } },
    components,
    dependencies: [{ ref: own["bom-ref"], dependsOn: components.map(({ purl }) => purl) }],
  };
  return `${JSON.stringify(sbom, null, 2)}\n`;
};
