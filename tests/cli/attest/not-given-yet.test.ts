import assert from "node:assert/strict";
import { trustRootOfStack } from "../../../cli/attest/trust-of-stack";
import { trustedKeys } from "../../../cli/attest/trusted-keys";
import { policyRunOf } from "../../../cli/check/policy-run";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { readStackConfig } from "../../../cli/stack-settings";
import { placeholdersIn, rawConfigOf } from "../../../infra/settings";
import { repoRoot } from "../../../local/repo-root";
import { UserError } from "../../../local/user-error";
import { evidenceLocation } from "../../../policies/evidence/store";

/** What a release needs and only the owner knows: the committed files ask for it, and nobody takes the mark for a value. */
describe("journal, trust root and evidence of the committed stack files", () => {
  const root = repoRoot();
  const workspace = { root, dist: "", policyPack: `${root}/policies`, stateDir: "" };

  for (const stack of ["staging", "production"]) {
    const config = readStackConfig(workspace, stack);

    it(`${stack} asks for them, so that up and releases are refused until they are given`, () => {
      const keys = placeholdersIn(rawConfigOf(config), stack).map(({ key }) => key);
      for (const key of ["journal", "trustRoot.location", "trustRoot.keys[0]", "evidence.location"])
        assert.ok(keys.includes(`switchyard:${key}`), key);
    });

    it(`${stack}'s policies see none of them before that, and commands say what is to be given`, async () => {
      const { settings } = policyRunOf(workspace, stack, {});
      assert.equal(settings.trustRoot, undefined);
      assert.equal(settings.evidence, undefined);
      assert.equal(evidenceLocation(config["switchyard:evidence"]), undefined);
      const refused = (words: RegExp) => (error: Error) =>
        error instanceof UserError && words.test(error.message);
      const noRoot = refused(/no trust root is configured for \w+: set switchyard:trustRoot/);
      await assert.rejects(trustRootOfStack(workspace, stack), noRoot);
      await assert.rejects(trustedKeys(workspace, stack, "journals"), noRoot);
      assert.throws(
        () => journalStoreOf({ workspace, stack, user: {} }),
        refused(/switchyard:journal is still the placeholder <owner: address of the container of journals/),
      );
    });
  }
});
