import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { shareDeserialization } from "../../policies/shared-deserialization";
import { unknownText } from "./support/judge";

type Props = Record<string, unknown> & { readonly __getSpecialProxyTarget: unknown };
type Seen = (args: { readonly props: Props }) => void;
type Analyze = (
  call: { readonly request: proto.AnalyzeRequest },
  done: (error: Error | null, response: proto.AnalyzeResponse) => void,
) => void;

/** Modules of the pinned SDK that it does not offer for use; the patch lives on them. */
const server = require("@pulumi/policy/server") as {
  makeAnalyzeRpcFun(pack: string, version: string, level: string, policies: readonly object[]): Analyze;
};
const deserialize = require("@pulumi/policy/deserialize") as { deserializeProperties: unknown };

describe("sharing what the SDK unpacks", () => {
  const original = deserialize.deserializeProperties;
  before(() => shareDeserialization());
  after(() => {
    deserialize.deserializeProperties = original;
  });

  async function run(properties: Record<string, string>, ...policies: Seen[]): Promise<void> {
    const request = new proto.AnalyzeRequest();
    request.setProperties(Struct.fromJavaScript(properties));
    request.setOptions(new proto.AnalyzerResourceOptions());
    const named = policies.map((validateResource, index) => ({
      name: `p${index}`,
      description: "",
      validateResource,
    }));
    const analyze = server.makeAnalyzeRpcFun("pack", "1.0.0", "mandatory", named);
    await new Promise<void>((resolve, reject) =>
      analyze({ request }, (error) => (error ? reject(error) : resolve())),
    );
  }

  it("gives all rules the same unpacked properties of a resource", async () => {
    const seen: unknown[] = [];
    const look: Seen = ({ props }) => seen.push(props.__getSpecialProxyTarget);
    await run({ name: "a" }, look, look);
    assert.deepEqual(seen[0], { name: "a" });
    assert.equal(seen[0], seen[1]);
  });

  it("does not mix up two resources, nor hide that a value is unknown", async () => {
    const seen: unknown[] = [];
    const look: Seen = ({ props }) => seen.push(props.name);
    await run({ name: "a" }, look);
    await run({ name: "b" }, look);
    assert.deepEqual(seen, ["a", "b"]);
    await run({ name: unknownText }, ({ props }) => assert.throws(() => props.name, UnknownValueError));
  });
});
