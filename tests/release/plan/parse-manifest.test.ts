import assert from "node:assert/strict";
import { manifestSchema } from "../../../release/plan/manifest";
import { manifestFaults, parseManifest } from "../../../release/plan/parse-manifest";
import { UserError } from "../../../release/user-error";
import { contractOf, factsOf, manifestOf } from "./support/questions";

const reader = { contract: contractOf("kirana-store"), facts: factsOf("kirana-store") };
const whole = manifestOf("kirana-store");
const backend = "kirana-store-backend";

function faultsWith(change: object) {
  return manifestFaults({ ...whole, ...change }, reader);
}

describe("release manifest", () => {
  it("is read from JSON and from YAML, as the same", () => {
    const yaml = [
      "system: kirana-store",
      `version: ${whole.version}`,
      "components:",
      ...Object.entries(whole.components).map(
        ([name, component]) => `  ${name}: ${JSON.stringify(component)}`,
      ),
    ].join("\n");
    assert.deepEqual(parseManifest(yaml, "m.yaml", reader), whole);
    assert.deepEqual(parseManifest(JSON.stringify(whole), "m.json", reader), whole);
  });

  it("with a moving tag is refused with the tag, the form by digest and the command that finds it", () => {
    for (const [image, tag] of [
      ["registry.invalid/backend:prod", "prod"],
      ["localhost:5000/backend", "latest"],
    ] as const) {
      const [fault, ...others] = faultsWith({ components: { ...whole.components, [backend]: { image } } });
      assert.deepEqual(others, []);
      assert.equal(fault?.key, `components.${backend}.image`);
      assert.match(fault.received, new RegExp(`${tag}.*can be moved`));
      assert.match(fault.allowed, /@sha256:/);
      assert.match(fault.mend, new RegExp(`:${tag} --query digest`));
    }
  });

  it("names all components of the contract and no other", () => {
    const { [backend]: _left, ...rest } = whole.components;
    const keys = faultsWith({
      components: { ...rest, worker: { image: `r/w@sha256:${"c".repeat(64)}` } },
    }).map(({ key }) => key);
    assert.deepEqual(keys, [`components.${backend}`, "components.worker"]);
  });

  it("gives images to the cluster and packages to sites", () => {
    const sitePackage = { package: "backend.zip", digest: `sha256:${"b".repeat(64)}` };
    const [fault] = faultsWith({ components: { ...whole.components, [backend]: sitePackage } });
    assert.match(fault!.allowed, /image by digest/);
    const inventory = { contract: contractOf("kirana-inventory"), facts: factsOf("kirana-inventory") };
    const manifest = manifestOf("kirana-inventory");
    const image = { image: `r/backend@sha256:${"a".repeat(64)}` };
    const [other] = manifestFaults(
      { ...manifest, components: { ...manifest.components, backend: image } },
      inventory,
    );
    assert.match(other!.allowed, /package with its digest/);
  });

  it("refuses an address that lets somebody in, and repeats nothing of it", () => {
    const inventory = { contract: contractOf("kirana-inventory"), facts: factsOf("kirana-inventory") };
    const manifest = manifestOf("kirana-inventory");
    const digest = `sha256:${"b".repeat(64)}`;
    const place = "packages.blob.core.windows.net/releases/backend.zip";
    const faultsOf = (address: string, more = {}) => {
      const backend = { package: address, digest, ...more };
      return manifestFaults({ ...manifest, components: { ...manifest.components, backend } }, inventory);
    };
    for (const signed of [`https://${place}?sv=2024&sig=canary`, `https://user:canary@${place}`]) {
      const [fault, ...others] = faultsOf(signed);
      assert.deepEqual(others, []);
      assert.equal(fault?.key, "components.backend.package");
      assert.match(fault.allowed, /without a query, a user or a password/);
      assert.ok(fault.received.includes(place));
      assert.ok(!JSON.stringify([fault, faultsOf(signed, { unknown: 1 })]).includes("canary"));
    }
    assert.deepEqual(faultsOf(`https://${place}`), []);
    assert.deepEqual(faultsOf("/packages/a?b@c.zip"), []);
  });

  it("says all faults at once, each with key, value, what is allowed and a mend", () => {
    const broken = {
      system: "kirana-inventory",
      version: "",
      commit: "abc",
      components: { [backend]: { image: "r/backend:prod" } },
      migration: { names: [], kind: "risky" },
      color: "blue",
    };
    assert.throws(
      () => parseManifest(JSON.stringify(broken), "release.json", reader),
      (error) => {
        assert.ok(error instanceof UserError);
        const { message } = error;
        for (const key of [
          "system",
          "version",
          "commit",
          `components.${backend}.image`,
          "components.kirana-store-frontend",
          "migration.names",
          "migration.kind",
          "color",
        ]) {
          assert.match(message, new RegExp(`^  ${key}: received .*allowed: `, "m"), key);
        }
        return message.startsWith("release.json cannot be released as it is:");
      },
    );
  });

  it("says of every field in plain words what is allowed and how to mend it, whatever stands there", () => {
    const places: Record<string, (value: unknown) => object> = {
      ...Object.fromEntries(
        Object.keys(manifestSchema.shape).map((key) => [key, (value: unknown) => ({ [key]: value })]),
      ),
      "migration.names": (names) => ({ migration: { names, kind: "additive" } }),
      "migration.kind": (kind) => ({ migration: { names: ["001"], kind } }),
      "news.0": (line) => ({ news: [line] }),
      "config.web.PORT": (value) => ({ config: { web: { PORT: value } } }),
    };
    for (const [key, changeTo] of Object.entries(places)) {
      for (const value of [3, "", null, [], { a: { b: 1 } }, "x".repeat(300)]) {
        const found = faultsWith(changeTo(value)).filter((fault) => fault.key.startsWith(key));
        for (const { allowed, mend } of found)
          assert.doesNotMatch(`${allowed} ${mend}`, /Invalid|Too (small|big)|expected|must match/, key);
        if (value === 3) assert.equal(found.length, 1, `${key}: 3 passes`);
      }
    }
  });

  it("that is no YAML, no map or empty is refused by its place, not with a stack", () => {
    for (const text of ["a: [", "", "just text", "[]", "null"]) {
      assert.throws(() => parseManifest(text, "m.yaml", reader), UserError, text);
    }
  });
});
