import { createHash } from "node:crypto";
import { InvalidArgumentError } from "commander";
import { canonicalJson } from "../attestation/canonical-json";
import { plural } from "../reports/headline";
import { compare, type Report } from "../reports/model";
import { Refused } from "./exit";

const digestForm = /^sha256:[0-9a-f]{64}$/;

/**
 * Digest of what a preview says would change: stack, operation and URN of each resource, and the properties with as much
 * of their values as a report shows. Two previews of the same program against the same state have the same. What stays
 * as it is, policies and warnings are not part of it: an update judges policies again.
 */
export function changesDigest({ subject, resources }: Pick<Report, "subject" | "resources">): string {
  const changes = resources
    .filter(({ op }) => op !== "same")
    .map(({ urn, op, diff }) => ({
      urn,
      op,
      diff: [...diff].sort((a, b) => compare(a.path, b.path) || compare(a.kind, b.kind)),
    }))
    .sort((a, b) => compare(a.urn, b.urn) || compare(a.op, b.op));
  // Whatever JSON leaves out is left out before the text is brought into its one form.
  const facts: unknown = JSON.parse(JSON.stringify({ stack: subject.stack, changes }));
  return `sha256:${createHash("sha256").update(canonicalJson(facts)).digest("hex")}`;
}

/** For the option that takes such a digest. */
export function approvedDigest(text: string): string {
  if (digestForm.test(text)) return text;
  throw new InvalidArgumentError(
    "Allowed is sha256: and 64 hexadecimal digits, as npx switchyard preview --stack STACK --changes-digest FILE writes it.",
  );
}

/**
 * Holds an update to the preview that somebody approved.
 *
 * @param report of a preview made now
 * @throws Refused when something else would change now, or the preview failed
 */
export function requireApproved(report: Report, approved: string): void {
  const { stack } = report.subject;
  if (!report.succeeded) throw new Refused(`error: the preview of ${stack} fails now; nothing was changed`);
  const found = changesDigest(report);
  if (found === approved) return;
  const count = report.resources.filter(({ op }) => op !== "same").length;
  throw new Refused(
    `error: what would change in ${stack} now is not what was approved (${plural(count, "change")}, ${found}; approved: ${approved}); nothing was changed. Look at a new preview and have it approved`,
  );
}
