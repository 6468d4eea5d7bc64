import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../../release/plan/manifest";
import { parseManifest } from "../../../release/plan/parse-manifest";
import { planDocument, planDocumentSchema } from "../../../release/plan/plan-document";
import type { SystemName } from "../../../runbooks/model";
import { root } from "../../support/root";
import { contractOf, factsOf, planOf, questionOf } from "./support/questions";

const page = readFileSync(join(root, "docs", "release.md"), "utf8");
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);

const manifests = examples("yaml").map((text) => {
  const system = /^system: (\S+)$/m.exec(text)?.[1] as SystemName;
  return parseManifest(text, "docs/release.md", { contract: contractOf(system), facts: factsOf(system) });
});
const planOn = (environment: "dev" | "production", manifest: Manifest) =>
  planDocument(planOf(questionOf(manifest.system as SystemName, { environment, manifest })));

/** Which side is live is no matter of the contract. */
const ofEitherColour = (step: object): unknown =>
  JSON.parse(JSON.stringify(step).replaceAll(/\b(blue|green)\b/g, "side"));

describe("what docs/release.md shows", () => {
  it("are manifests that are read and planned, with a migration and without", () => {
    assert.deepEqual(
      manifests.map(({ migration }) => migration !== undefined),
      [false, true],
    );
    for (const manifest of manifests) {
      for (const environment of ["dev", "production"] as const) {
        const { steps } = planOn(environment, manifest);
        const migrates = steps.some(({ action }) => /^migrate \S+ by /.test(action));
        assert.equal(migrates, manifest.migration !== undefined, `${manifest.version} on ${environment}`);
      }
    }
  });

  it("is a plan as JSON with the fields of today, of the manifest with a migration, and its steps", () => {
    const [text] = examples("json");
    const shown = planDocumentSchema.parse(JSON.parse(text!));
    const real = planOn("dev", manifests[1]!);
    assert.deepEqual(Object.keys(shown), Object.keys(real));
    assert.deepEqual([shown.manifestDigest, shown.to.version], [real.manifestDigest, real.to.version]);
    for (const part of ["steps", "rollback", "restore"] as const) {
      assert.ok(shown[part].length > 0, part);
      for (const step of shown[part]) {
        const planned = real[part].find(({ id }) => id === step.id);
        assert.deepEqual(ofEitherColour(step), planned && ofEitherColour(planned), step.id);
      }
    }
    for (const watched of shown.watched)
      assert.deepEqual(
        watched,
        real.watched.find(({ gate }) => gate === watched.gate),
      );
  });
});
