import assert from "node:assert/strict";
import { byToken, validateInputs } from "../../local/cloud/resource-types";
import { environments } from "../../runbooks/model";
import { azurePrefix } from "./support/query";
import { unwrapped } from "./support/secrets";
import { renderedStack } from "./support/stack-rendering";

// Every system against the table of the local cloud, so that a fault of an input shows without an engine. What depends
// on other resources (ids that must exist, names that are taken) is shown by the engine tests.

describe("the local cloud", () => {
  for (const environment of environments) {
    it(`takes every input of every system in ${environment}`, async function () {
      this.timeout(60_000);
      const { resources } = await renderedStack(environment);
      const azure = resources.filter(({ type }) => type.startsWith(azurePrefix));
      assert.ok(azure.length > 150, `${azure.length} resources`);
      const faults = azure.flatMap(({ type, name, inputs }) => {
        const row = byToken(type);
        if (row === undefined) return [`${type} is not in the table`];
        return validateInputs(row, unwrapped(inputs) as Record<string, unknown>).map(
          ({ path, reason }) => `${name}: ${path} ${reason}`,
        );
      });
      assert.deepEqual(faults, []);
    });
  }
});
