import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { version } from "../src/common/version.ts";

const text = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), "utf8");
const json = (name: string) => JSON.parse(text(name));

const sbom = json("dist/sbom.cdx.json");

type Component = { group?: string; name: string; version: string; purl: string; hashes: object[] };
const components: Component[] = sbom.components;
const fullName = ({ group, name }: Component) => (group === undefined ? name : `${group}/${name}`);

it("is valid CycloneDX 1.6", () => {
  // Formats are for tools; the patterns of the schema hold what matters here.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const schema = (name: string) =>
    json(`node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`);
  for (const part of ["spdx", "jsf-0.82"]) {
    const { $id: _, ...rest } = schema(part);
    ajv.addSchema(rest, `http://cyclonedx.org/schema/${part}.SNAPSHOT.schema.json`);
  }
  const validate = ajv.compile(schema("bom-1.6"));
  validate(sbom);
  expect(validate.errors).toBeNull();
});

it("has exactly the packages of the notices", () => {
  const noted = [...text("THIRD_PARTY_NOTICES.md").matchAll(/^## (\S+ \d\S*)$/gm)].map(
    ([, title]) => title,
  );
  expect(noted.length).toBeGreaterThan(10);
  expect(components.map((one) => `${fullName(one)} ${one.version}`)).toEqual(noted);
});

it("names each package by its purl and the hash of its archive", () => {
  for (const one of components) {
    expect(decodeURIComponent(one.purl)).toBe(`pkg:npm/${fullName(one)}@${one.version}`);
    const locked = json("package-lock.json").packages[`node_modules/${fullName(one)}`];
    const [, digest = ""] = locked.integrity.split("sha512-");
    const content = Buffer.from(digest, "base64").toString("hex");
    expect(one.hashes).toEqual([{ alg: "SHA-512", content }]);
  }
});

it("is of this version of the program", () => {
  expect(sbom.metadata.component).toMatchObject({ name: "atlas-provision-mcp", version });
});
