import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, objectsAt, optional, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const byDigest = /^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$/;

export const taskJobClosed = resourceRule({
  name: "task-job-closed",
  topic: "data",
  displayName: "A job on data runs what was tested, and holds no secret",
  description:
    "A job of Azure Container Apps names its images by digest, signs in by an identity of its own, and has its secrets from a vault.",
  severity: "critical",
  ids: ["TES-004", "TES-050", "TES-052"],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Name the image as REGISTRY/REPOSITORY@sha256:DIGEST, give the job a user-assigned identity, and declare each secret with keyVaultUrl and that identity.",
  types: [azure.containerJob],
  evaluate: (job) =>
    judged([
      ...judgeEach([job], () => job.urn, judgeIdentity),
      ...judgeEach([job], () => job.urn, judgePresence),
      ...judgeEach(
        objectsAt(job, "template.containers"),
        () => job.urn,
        (container) => judgeImage(job, container),
      ),
      ...judgeEach(
        secretsOf(job),
        () => job.urn,
        (secret) => judgeSecret(job, secret),
      ),
    ]),
});

type Part = Readonly<Record<string, unknown>>;

function secretsOf(job: DeclaredResource): readonly Part[] {
  return optional(job, "configuration.secrets") === undefined ? [] : objectsAt(job, "configuration.secrets");
}

/** A list that is not there would let every container pass. */
function judgePresence(job: DeclaredResource): readonly Finding[] {
  required(job, "template.containers");
  return [];
}

function judgeIdentity(job: DeclaredResource): readonly Finding[] {
  const type = required(job, "identity.type");
  if (type === "UserAssigned") return [];
  return [violation(job.urn, `identity.type must be "UserAssigned", found ${describe(type)}`)];
}

function judgeImage(job: DeclaredResource, { image }: Part): readonly Finding[] {
  if (typeof image === "string" && byDigest.test(image)) return [];
  return [
    violation(
      job.urn,
      `template.containers must name images as REGISTRY/NAME@sha256:DIGEST, found ${describe(image)}`,
    ),
  ];
}

function judgeSecret(job: DeclaredResource, { name, keyVaultUrl }: Part): readonly Finding[] {
  if (typeof keyVaultUrl === "string") return [];
  return [
    violation(job.urn, `the secret ${describe(name)} must have a keyVaultUrl, and no value of its own`),
  ];
}
