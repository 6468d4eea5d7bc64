import { benchmark } from "../../frameworks";
import { containersOf, podMakers } from "../../kubernetes/pods";
import { matching, propertyRule } from "../../property-rule";

const byDigest = matching(
  /^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+(?::[\w.-]+)?@sha256:[0-9a-f]{64}$/,
  "REGISTRY/REPOSITORY@sha256:DIGEST",
);

export const imageByDigest = propertyRule({
  name: "image-by-digest",
  topic: "kubernetes",
  displayName: "What was tested is what runs",
  description: "Every container names its image by digest and with its registry: a tag can be moved.",
  severity: "critical",
  ids: ["STO-098", "STO-100", "RET-050", "RET-051", "RET-053", "RET-055", "CAS-044"],
  framework: benchmark("DS-6"),
  remediationSteps: "Name the image as REGISTRY/REPOSITORY@sha256:DIGEST; `release prepare` writes it so.",
  types: podMakers,
  properties: (maker) =>
    containersOf(maker).map((container) => ({ path: `${container}.image`, expected: byDigest })),
});
