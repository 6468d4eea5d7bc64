"use strict";

const fs = require("node:fs");
const path = require("node:path");

/**
 * Bundling of the policy pack with `@pulumi/policy`, gRPC and the messages of the analyzer's protocol, so that starting
 * it loads one file instead of the whole SDK: 0.1 s instead of 0.6 s. `@pulumi/policy` asks the SDK for two things only,
 * assets and a few constants; both are taken from where the SDK has them.
 */
const leanSdk = {
  name: "lean-sdk",
  setup(build) {
    const namespace = "lean-sdk";
    build.onResolve({ filter: /^@pulumi\/pulumi(\/runtime\/rpc)?$/ }, ({ path: name, importer }) => {
      if (path.dirname(importer).endsWith(path.join("@pulumi", "policy"))) return { path: name, namespace };
      // The rules know no resources and no engine: an import of theirs would bring all of it back.
      return { errors: [{ text: `The policy pack may not import ${name} (${importer}).` }] };
    });
    build.onLoad({ filter: /rpc$/, namespace }, () => ({
      contents: signatures(build),
      resolveDir: rootOf(build),
    }));
    build.onLoad({ filter: /pulumi$/, namespace }, () => ({ contents: root, resolveDir: rootOf(build) }));
  },
};

/** `Output.isInstance` as in the SDK's output.js; a pack that changes nothing never calls it. */
const root = `exports.asset = require("@pulumi/pulumi/asset");
exports.Output = { isInstance: (value) => value?.__pulumiOutput === true };
`;

/** The constants that mark assets, archives and secrets in a message, as the SDK's runtime/rpc.js spells them. */
function signatures(build) {
  const file = path.join(rootOf(build), "node_modules/@pulumi/pulumi/runtime/rpc.js");
  const lines = fs.readFileSync(file, "utf8").match(/^exports\.special\w+ = "[0-9a-f]{32}";$/gm) ?? [];
  for (const name of ["specialSigKey", "specialAssetSig", "specialArchiveSig", "specialSecretSig"]) {
    if (!lines.some((line) => line.startsWith(`exports.${name} `))) throw new Error(`${file} has no ${name}`);
  }
  return lines.join("\n");
}

function rootOf(build) {
  return build.initialOptions.absWorkingDir;
}

module.exports = { leanSdk };
