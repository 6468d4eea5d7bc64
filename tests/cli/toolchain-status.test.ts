import assert from "node:assert/strict";
import { statusText } from "../../cli/commands/toolchain";
import { standIns } from "../../local/providers/install";
import type { ToolchainStatus } from "../../local/toolchain/status";

const status: ToolchainStatus = {
  pulumi: null,
  languageHost: null,
  floor: "3.232.0",
  cluster: [{ name: "control plane", found: null, next: "build it" }],
  prometheus: {
    name: "Prometheus",
    found: { path: "/cache/prometheus", version: "3.13.4", reason: "built" },
    next: null,
  },
  passedOver: [],
  next: "download it",
  cache: { folder: "/cache", bytes: 0 },
  go: { suitable: false, reason: "not on PATH" },
  node: { path: "/usr/bin/node", version: "v20.19.0" },
};

describe("toolchain status", () => {
  it("names no file of a language host that is not there yet", () => {
    const languageHost = { path: null, source: "switchyard", reason: "the CLI has none" } as const;
    const text = statusText({ ...status, languageHost }, []);
    assert.match(
      text,
      /^language host +switchyard: the CLI has none\n +put beside the CLI by the next command/m,
    );
  });

  it("names Prometheus and each stand-in, with its place or when it is made", () => {
    const placed = standIns("/state/pulumi-home").map((each) => ({
      ...each,
      installed: each.name === "random",
    }));
    const text = statusText(status, placed);
    assert.match(text, /^control plane +none yet; the next command that needs it would build it$/m);
    assert.match(text, /^Prometheus +3\.13\.4: built\n +\/cache\/prometheus$/m);
    assert.match(text, /^stand-in for azure-native +\d[\d.]+: written by the next up of dev$/m);
    assert.match(
      text,
      /^stand-in for random +\d[\d.]+: \/state\/pulumi-home\/plugins\/resource-random-v.*\/pulumi-resource-random$/m,
    );
  });
});
