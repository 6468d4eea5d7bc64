import { XMLParser, XMLValidator } from "fast-xml-parser";
import { UserError } from "../user-error";

/** Tests of one run, and the names of those that failed. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: number;
}

/**
 * Counts the test cases themselves; totals in attributes are a suite's word about itself.
 *
 * @throws UserError for what is no JUnit
 */
export function countJunit(xml: string): TestCounts {
  if (XMLValidator.validate(xml) !== true) throw new UserError("the JUnit that the suite wrote is no XML");
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", processEntities: false });
  const root: unknown = parser.parse(xml);
  const counts = { passed: 0, failed: [] as string[], skipped: 0 };
  if (!isNode(root) || !("testsuites" in root || "testsuite" in root))
    throw new UserError("the XML that the suite wrote is no JUnit: it has no testsuite");
  walk(root, counts);
  return counts;
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function walk(node: Node, counts: { passed: number; failed: string[]; skipped: number }): void {
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (key === "testcase") count(child, counts);
      else if (isNode(child)) walk(child, counts);
    }
  }
}

function count(test: unknown, counts: { passed: number; failed: string[]; skipped: number }): void {
  const found: Node = isNode(test) ? test : {};
  if ("failure" in found || "error" in found) counts.failed.push(String(found["@name"] ?? "a test"));
  else if ("skipped" in found) counts.skipped++;
  else counts.passed++;
}
