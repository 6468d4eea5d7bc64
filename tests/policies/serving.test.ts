import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Analyses } from "../../policies/serving/analyses";
import { PackConfiguration } from "../../policies/serving/configuration";
import type { ServedPolicy } from "../../policies/serving/served-policy";
import { unknownText } from "./support/judge";

const base = { description: "Probe.", enforcementLevel: "mandatory" } as const;
const bucket = "probe:index:Bucket";
const secretSignature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("answers of the pack's server", () => {
  const configuration = new PackConfiguration();
  const analyses = (...policies: ServedPolicy[]) =>
    new Analyses({ name: "pack", version: "1.2.3" }, policies, configuration);

  async function ofResource(served: Analyses, properties: Record<string, JavaScriptValue>, type = bucket) {
    const bytes = await served.ofResource(request(properties, type));
    return proto.AnalyzeResponse.deserializeBinary(bytes).toObject();
  }

  it("unpacks a resource once for all rules, and gives the values themselves where all of them are plain", async () => {
    const seen: unknown[] = [];
    const look = (name: string): ServedPolicy => ({
      ...base,
      name,
      validateResource: ({ props }) => void seen.push(props),
    });
    await ofResource(analyses(look("one"), look("two")), { name: "a", list: [1, { deep: true }] });
    assert.deepEqual(seen[0], { name: "a", list: [1, { deep: true }] });
    assert.equal(seen[0], seen[1]);
  });

  it("lets no rule read what preview does not know, wherever it stands, and gives secrets in clear", async () => {
    let read = 0;
    const policy: ServedPolicy = {
      ...base,
      name: "reader",
      validateResource({ props }) {
        const { tags, list, key } = props as { tags: { a: string }; list: string[]; key: string };
        assert.throws(() => tags.a, UnknownValueError);
        assert.throws(() => list[0], UnknownValueError);
        assert.equal(key, "in clear");
        read++;
      },
    };
    const key = { ...secretSignature, value: "in clear" };
    await ofResource(analyses(policy), { tags: { a: unknownText }, list: [unknownText], key });
    assert.equal(read, 1);
  });

  it("asks only rules that look at the type, and names all others as having nothing to say", async () => {
    const refuse = (name: string, looksAt?: readonly string[]): ServedPolicy => ({
      ...base,
      name,
      ...(looksAt && { looksAt }),
      validateResource: (_, report) => report("is refused", "urn:of:it"),
    });
    const idle: ServedPolicy = {
      ...base,
      name: "idle",
      validateResource: ({ notApplicable }) => notApplicable("not today"),
    };
    const served = analyses(
      refuse("bucket", [bucket, "other"]),
      refuse("queue", ["queue"]),
      refuse("every"),
      idle,
    );
    const { diagnosticsList, notApplicableList } = await ofResource(served, {});
    assert.deepEqual(
      diagnosticsList.map(({ policyname, message, urn, policypackversion }) => [
        policyname,
        message,
        urn,
        policypackversion,
      ]),
      ["bucket", "every"].map((name) => [name, "Probe.\nis refused", "urn:of:it", "1.2.3"]),
    );
    assert.deepEqual(notApplicableList.map(({ policyName }) => policyName).sort(), ["idle", "queue"]);
  });

  it("waits for a rule that answers later, and passes on what a rule throws: nothing is taken for passed", async () => {
    const later: ServedPolicy = {
      ...base,
      name: "later",
      async validateResource(_, report) {
        await new Promise((resolve) => setImmediate(resolve));
        report("at last", "urn");
      },
    };
    const { diagnosticsList } = await ofResource(analyses(later), {});
    assert.equal(diagnosticsList.length, 1);
    const broken: ServedPolicy = {
      ...base,
      name: "broken",
      validateResource: () => {
        throw new TypeError("of the rule");
      },
    };
    await assert.rejects(ofResource(analyses(later, broken), {}), /policy 'broken'/);
  });

  it("runs a rule at the level and with the values that the engine configured, and one that is disabled not at all", async () => {
    const policy: ServedPolicy = {
      ...base,
      name: "figure",
      validateResource: ({ getConfig }, report) =>
        report(`at most ${getConfig<{ most?: number }>().most}`, "urn"),
    };
    const served = analyses(policy);
    configuration.take(configured("figure", proto.EnforcementLevel.ADVISORY, { most: 7 }));
    const [finding] = (await ofResource(served, {})).diagnosticsList;
    assert.equal(finding?.enforcementlevel, proto.EnforcementLevel.ADVISORY);
    assert.match(finding?.message ?? "", /at most 7/);
    configuration.take(configured("figure", proto.EnforcementLevel.DISABLED, {}));
    const { diagnosticsList, notApplicableList } = await ofResource(served, {});
    assert.deepEqual(diagnosticsList, []);
    assert.deepEqual(
      notApplicableList.map(({ policyName }) => policyName),
      ["figure"],
    );
    configuration.take(new proto.ConfigureAnalyzerRequest());
  });

  it("gives rules on the stack all of it, and skips those whose type is not there", async () => {
    const seen: string[][] = [];
    const policy = (name: string, looksAt?: readonly string[]): ServedPolicy => ({
      ...base,
      name,
      ...(looksAt && { looksAt }),
      validateStack: ({ resources }) => void seen.push(resources.map(({ urn, type }) => `${type} ${urn}`)),
    });
    const stack = new proto.AnalyzeStackRequest();
    stack.setResourcesList(["a", "b"].map((name) => stackResource(name)));
    const bytes = await analyses(policy("one"), policy("two", ["queue"]), policy("three", [bucket])).ofStack(
      stack,
    );
    const { notApplicableList } = proto.AnalyzeResponse.deserializeBinary(bytes).toObject();
    assert.deepEqual(
      seen,
      [0, 1].map(() => [`${bucket} urn:a`, `${bucket} urn:b`]),
    );
    assert.deepEqual(
      notApplicableList.map(({ policyName }) => policyName),
      ["two"],
    );
  });

  it("refuses a resource without options instead of taking it for unprotected", async () => {
    const policy: ServedPolicy = { ...base, name: "any", validateResource: () => {} };
    await assert.rejects(analyses(policy).ofResource(new proto.AnalyzeRequest()), /newer Pulumi CLI/);
  });
});

function request(properties: Record<string, JavaScriptValue>, type: string): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setType(type);
  request.setProperties(Struct.fromJavaScript(properties));
  request.setOptions(new proto.AnalyzerResourceOptions());
  return request;
}

function stackResource(name: string): proto.AnalyzerResource {
  const resource = new proto.AnalyzerResource();
  resource.setType(bucket);
  resource.setUrn(`urn:${name}`);
  resource.setOptions(new proto.AnalyzerResourceOptions());
  return resource;
}

function configured(
  name: string,
  level: proto.EnforcementLevel,
  properties: Record<string, JavaScriptValue>,
): proto.ConfigureAnalyzerRequest {
  const config = new proto.PolicyConfig();
  config.setEnforcementlevel(level as never);
  config.setProperties(Struct.fromJavaScript(properties));
  const request = new proto.ConfigureAnalyzerRequest();
  request.getPolicyconfigMap().set(name, config);
  return request;
}
