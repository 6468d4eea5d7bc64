import assert from "node:assert/strict";
import type { Environment } from "../../../../runbooks/model";
import { type Changes, changed, refusal } from "../../support/refusal";
import { stackFile } from "../../support/stack-settings";

const systems = JSON.stringify(["platform", "retail-agentic"]);
const digest = (character: string) => `registry.test/retail@sha256:${character.repeat(64)}`;
const block = (version: string, character: string) => ({
  version,
  images: {
    "retail-backend": digest(character),
    "retail-consumer-web": digest(character),
    "retail-admin-web": digest(character),
  },
});

/** The message with which a stack is refused; offline, so that the owner's placeholders do not stand in the way. */
function refused(environment: Environment, changes: Changes): string {
  const raw = changed(stackFile(environment), { "switchyard:systems": systems, ...changes });
  return refusal(raw, environment, environment !== "dev");
}

describe("settings of retail-agentic", () => {
  const cases: readonly (readonly [string, Environment, Changes, RegExp])[] = [
    [
      "an image by tag",
      "dev",
      {
        "retail-agentic:sides": JSON.stringify({
          blue: {
            ...block("1.0.0", "a"),
            images: { ...block("1", "a").images, "retail-backend": "r.test/retail-backend:1.0.0" },
          },
        }),
      },
      /sides\.blue\.images\.retail-backend[\s\S]*by digest/,
    ],
    [
      "a colour that is neither",
      "dev",
      { "retail-agentic:sides": JSON.stringify({ red: block("1.0.0", "a") }) },
      /unknown "red"/,
    ],
    [
      "a side that lacks a component",
      "dev",
      {
        "retail-agentic:sides": JSON.stringify({
          blue: { version: "1.0.0", images: { "retail-backend": digest("a") } },
        }),
      },
      /retail-consumer-web/,
    ],
    [
      "one version of two sets of images",
      "dev",
      { "retail-agentic:sides": JSON.stringify({ blue: block("1", "a"), green: block("1", "b") }) },
      /one version for one set of images/,
    ],
    [
      "the runbook's example domain",
      "dev",
      { "retail-agentic:domain": "example.com" },
      /retail-agentic:domain[\s\S]*not an example/,
    ],
    [
      "a search engine in the cluster without an image",
      "dev",
      { "retail-agentic:elasticsearchImage": undefined },
      /elasticsearchImage[\s\S]*because retail-agentic:elasticsearch is in-cluster/,
    ],
    [
      "an external search engine without its address",
      "production",
      { "retail-agentic:elasticsearch": "external" },
      /elasticsearchUrl[\s\S]*because retail-agentic:elasticsearch is external/,
    ],
    [
      "a document database without a standby in production",
      "production",
      { "retail-agentic:documentTier": "M10" },
      /documentTier[\s\S]*M30 or more/,
    ],
    [
      "a burstable PostgreSQL in production",
      "production",
      { "retail-agentic:relationalSize": "Standard_B2s" },
      /relationalSize[\s\S]*no burstable size/,
    ],
    [
      "a load test from everywhere",
      "dev",
      { "retail-agentic:loadTestRanges": '["0.0.0.0/0"]' },
      /loadTestRanges[\s\S]*at most \/16/,
    ],
  ];
  for (const [what, environment, changes, message] of cases) {
    it(`refuse ${what}`, () => assert.match(refused(environment, changes), message));
  }
});
