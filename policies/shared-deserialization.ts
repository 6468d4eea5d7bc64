import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

type Deserialize = (outputs: Struct, proxySecrets: boolean) => unknown;

/** The SDK's own module, patched in place; the SDK's version is pinned, and a test shows that the patch holds. */
const sdk = require("@pulumi/policy/deserialize") as { deserializeProperties: Deserialize };

/**
 * Lets the rules of the pack share what the SDK unpacks. It unpacks the properties of a resource anew for every rule,
 * so that the cost of a preview would grow with the number of rules; the message is the same object each time. Rules
 * are pure, so none sees what another did to it.
 */
export function shareDeserialization(): void {
  const unpack = sdk.deserializeProperties;
  const unpacked = new WeakMap<Struct, unknown>();
  sdk.deserializeProperties = (properties, proxySecrets) => {
    // Remediations get wrapped secrets, and may change what they get.
    if (proxySecrets || !properties) return unpack(properties, proxySecrets);
    const known = unpacked.get(properties);
    if (known !== undefined) return known;
    const value = unpack(properties, false);
    unpacked.set(properties, value);
    return value;
  };
}
