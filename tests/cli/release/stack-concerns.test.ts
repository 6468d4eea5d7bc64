import assert from "node:assert/strict";
import { concerns } from "../../../cli/release/stack-preview";

const urn = (types: string, name: string) => `urn:pulumi:dev::switchyard::${types}::${name}`;

describe("what a preview of the stack would change", () => {
  it("concerns a release when it is the system's or everybody's, and not when it is another system's", () => {
    const side = urn("switchyard:systems:KiranaStore$kubernetes:apps/v1:Deployment", "kirana-store-green");
    assert.equal(concerns(side, "kirana-store"), true);
    assert.equal(concerns(side, "tesoro-xp"), false);
    const shared = urn("switchyard:systems:Platform$azure-native:containerservice:ManagedCluster", "cluster");
    assert.equal(concerns(shared, "tesoro-xp"), true);
    assert.equal(concerns(urn("azure-native:resources:ResourceGroup", "group"), "tesoro-xp"), true);
  });
});
