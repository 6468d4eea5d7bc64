import assert from "node:assert/strict";
import fc from "fast-check";
import { armId } from "../../infra/arm-id";
import { stableGuid } from "../../infra/hash";
import {
  globalName,
  localName,
  type NamedKind,
  type NameScope,
  nameFault,
  nameRules,
  runbookName,
} from "../../infra/naming";
import { kiranaNames } from "../../infra/systems/kirana-inventory/names";
import { kiranaInventory } from "../../runbooks/kirana-inventory";
import { environments } from "../../runbooks/model";

const kinds = Object.keys(nameRules) as NamedKind[];
/** A slot's name is the contract's; it is never made. */
const made = kinds.filter((kind) => kind !== "slot");

const word = fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/);
const base = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join("-"));
const suffix = fc.option(
  fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("-")),
  { nil: undefined },
);
const scope: fc.Arbitrary<NameScope> = fc.record({
  environment: fc.constantFrom(...environments),
  suffix,
  subscriptionId: fc.uuid(),
});

describe("names", () => {
  it("of the stack's own making keep Azure's rule of their type, whatever base, environment and suffix", () => {
    fc.assert(
      fc.property(fc.constantFrom(...made), base, scope, (kind, text, where) => {
        assert.equal(nameFault(kind, localName(kind, text, where)), undefined);
        assert.equal(nameFault(kind, globalName(kind, text, where)), undefined);
      }),
    );
  });

  it("from a runbook keep the rule in every scope once they keep it as written", () => {
    fc.assert(
      fc.property(fc.constantFrom(...made), base, scope, (kind, text, where) => {
        fc.pre(nameFault(kind, text) === undefined);
        assert.equal(nameFault(kind, runbookName(kind, text, where)), undefined);
      }),
    );
  });

  it("from a runbook stay as written in production", () => {
    fc.assert(
      fc.property(base, fc.uuid(), (text, subscriptionId) => {
        fc.pre(nameFault("resourceGroup", text) === undefined);
        assert.equal(runbookName("resourceGroup", text, { environment: "production", subscriptionId }), text);
      }),
    );
  });

  it("differ between environments and suffixes, also where they are cut", () => {
    fc.assert(
      fc.property(fc.constantFrom(...made), base, scope, scope, (kind, text, left, right) => {
        fc.pre(left.environment !== right.environment || left.suffix !== right.suffix);
        // `a` with suffix `b` and `a-b` without one may meet where the storage account's rule drops hyphens.
        fc.pre(kind !== "storageAccount");
        fc.pre(nameFault(kind, text) === undefined && !/-(prod|production|staging|dev)(-|$)/.test(text));
        assert.notEqual(runbookName(kind, text, left), runbookName(kind, text, right));
      }),
    );
  });

  it("that are global differ between subscriptions", () => {
    fc.assert(
      fc.property(base, scope, fc.uuid(), (text, where, other) => {
        fc.pre(other !== where.subscriptionId);
        assert.notEqual(
          globalName("storageAccount", text, where),
          globalName("storageAccount", text, { ...where, subscriptionId: other }),
        );
      }),
    );
  });

  it("are the same in every run", () => {
    fc.assert(
      fc.property(base, scope, (text, where) => {
        assert.equal(
          globalName("storageAccount", text, where),
          globalName("storageAccount", text, { ...where }),
        );
      }),
    );
  });

  it("a runbook's name that Azure would refuse is an error, not another name", () => {
    const production = { environment: "production", subscriptionId: "s" } as const;
    assert.throws(
      () => runbookName("vault", "kirana--vault", production),
      /vault name "kirana--vault" is not allowed/,
    );
    assert.throws(() => runbookName("vault", "v".repeat(25), production), /25 characters; allowed: 3 to 24/);
  });

  it("-prod and -production become the environment; other names get it at the end (conflicts 22)", () => {
    const staging = { environment: "staging", subscriptionId: "s" } as const;
    assert.equal(runbookName("resourceGroup", "kirana-prod-rg", staging), "kirana-staging-rg");
    assert.equal(runbookName("resourceGroup", "tesoro-production", staging), "tesoro-staging");
    assert.equal(runbookName("staticSite", "kirana-webapp", staging), "kirana-webapp-staging");
    assert.equal(runbookName("staticSite", "product-page", staging), "product-page-staging");
  });

  it("a stack's suffix reaches every name that is reserved beyond the stack's life", () => {
    const names = kiranaNames({ environment: "production", suffix: "blue", subscriptionId: "s" });
    const { vault, cosmosAccount, functionApp } = kiranaInventory.names;
    assert.notEqual(names.vault, vault);
    assert.match(names.vault, /^kirana-keyvault-/);
    assert.equal(names.cosmosAccount, `${cosmosAccount}-blue`);
    assert.equal(names.functionApp, `${functionApp}-blue`);
    assert.notEqual(
      names.storageAccount,
      kiranaNames({ environment: "production", subscriptionId: "s" }).storageAccount,
    );
  });

  it("staging's function app is not the host of production's slot (conflicts 23)", () => {
    const production = kiranaNames({ environment: "production", subscriptionId: "s" });
    const staging = kiranaNames({ environment: "staging", subscriptionId: "s" });
    assert.equal(staging.functionApp, kiranaInventory.names.stagingFunctionApp);
    assert.notEqual(staging.functionApp, `${production.functionApp}-${production.slot}`);
  });
});

describe("computed ids", () => {
  const group = { subscriptionId: "sub", resourceGroupName: "rg" };

  it("follow the type's segments", () => {
    assert.equal(
      armId(group, "Microsoft.Web/sites/slots", "app", "staging"),
      "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Web/sites/app/slots/staging",
    );
  });

  it("refuse a wrong number of names", () => {
    assert.throws(() => armId(group, "Microsoft.Web/sites/slots", "app"), /takes 2 names, got 1/);
  });

  it("GUIDs have a GUID's form, and differ with any part", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 3 }), fc.string(), (parts, more) => {
        const guid = stableGuid(...parts);
        assert.match(guid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.notEqual(guid, stableGuid(...parts, more));
      }),
    );
  });
});
