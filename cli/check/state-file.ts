import { z } from "zod";
import { UserError } from "../../local/user-error";
import { schemaFault } from "../../runbooks/schema-fault";
import { jsonFault } from "../json-fault";

/** What is read of a resource in a recorded state; `delete`: it waits for its deletion and is no longer declared. */
const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  /** Absent for what exists in the program only. */
  id: z.string().optional(),
  /** URN and id of its provider. */
  provider: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  protect: z.boolean().optional(),
  ignoreChanges: z.array(z.string()).optional(),
  delete: z.boolean().optional(),
  sourcePosition: z.string().optional(),
});

const deploymentSchema = z.looseObject({
  /** Its time is printed as it stands. */
  manifest: z.looseObject({ time: z.iso.datetime({ offset: true }) }),
  secrets_providers: z.looseObject({ type: z.string(), state: z.unknown().optional() }).optional(),
  resources: z.array(resourceSchema).optional(),
  pending_operations: z.array(z.unknown()).optional(),
});

/** Either what `pulumi stack export` prints, or the checkpoint that a backend keeps. */
const fileSchema = z.union([
  z.looseObject({ version: z.number(), deployment: deploymentSchema }),
  z.looseObject({ version: z.number(), checkpoint: z.looseObject({ latest: deploymentSchema.optional() }) }),
]);

export type StateResource = z.infer<typeof resourceSchema>;

/** A stack as the engine recorded it last. */
export interface RecordedState {
  readonly stack: string;
  /** When the engine wrote it, ISO 8601. */
  readonly recordedAt: string;
  readonly resources: readonly StateResource[];
  readonly secrets?: { readonly type: string; readonly state?: unknown };
  /** Operations that were cut off: what they left is not known. */
  readonly pending: number;
}

/** Versions of the format that are understood; the engine writes 3, and 4 where it needs a newer feature. */
const versions = [3, 4];

const exportAgain = "Export it anew: pulumi stack export --stack <stack> --file <file>.";

/**
 * Reads the state of a stack of this project.
 *
 * @param text Content of the file.
 * @param source What an error calls it, such as its path.
 * @throws UserError when it is cut off, of another format, empty, or of another project.
 */
export function readState(text: string, source: string, project: string): RecordedState {
  const deployment = deploymentIn(text, source);
  const resources = (deployment.resources ?? []).filter((resource) => !resource.delete);
  if (resources.length === 0) {
    throw new UserError(`${source} holds no resources: there is nothing to check.`, {
      mend: "Bring the stack up first, or name the state of another one.",
    });
  }
  const stack = stackOf(resources, source, project);
  requireOnce(resources, source);
  return {
    stack,
    recordedAt: deployment.manifest.time,
    resources,
    secrets: deployment.secrets_providers,
    pending: deployment.pending_operations?.length ?? 0,
  };
}

function deploymentIn(text: string, source: string): z.infer<typeof deploymentSchema> {
  // PowerShell puts a byte order mark before what it redirects to a file.
  const value = jsonIn(text.replace(/^\uFEFF/, ""), source);
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    throw new UserError(`${source} is not the state of a stack: ${firstFault(parsed.error, value)}.`, {
      mend: exportAgain,
    });
  }
  const file = parsed.data;
  if (!versions.includes(file.version)) {
    throw new UserError(
      `${source} has version ${file.version} of the format; ${versions.join(" and ")} are understood.`,
      {
        mend: "Use a newer Switchyard, or export the state with the pulumi that npx switchyard toolchain status names.",
      },
    );
  }
  const deployment =
    "deployment" in file ? (file.deployment as z.infer<typeof deploymentSchema>) : checkpointIn(file);
  return deployment ?? { manifest: { time: "" } };
}

function checkpointIn(file: z.infer<typeof fileSchema>): z.infer<typeof deploymentSchema> | undefined {
  return (file as { checkpoint: { latest?: z.infer<typeof deploymentSchema> } }).checkpoint.latest;
}

function jsonIn(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${source} is not a whole state file: ${jsonFault(text)}.`, {
      mend: exportAgain,
      cause: causeOf(cause),
    });
  }
}

function causeOf(cause: unknown): unknown {
  return cause instanceof SyntaxError ? undefined : cause;
}

function firstFault(error: z.ZodError, value: unknown): string {
  // Of the two forms the one that the file comes closest to says what is wrong with it.
  const [issue] = error.issues.flatMap((found) =>
    "errors" in found
      ? (found.errors as z.core.$ZodIssue[][])
          .sort((a, b) => depthOf(b) - depthOf(a))
          .slice(0, 1)
          .flat()
      : [found],
  );
  return issue ? schemaFault(issue, value) : "it has another form";
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

/** What is there twice would be judged twice, and which of them is the stack's nobody knows. */
function requireOnce(resources: readonly StateResource[], source: string): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { urn } of resources) {
    if (seen.has(urn)) twice.add(urn);
    seen.add(urn);
  }
  const [first] = twice;
  if (first === undefined) return;
  const others = twice.size > 1 ? ` and ${twice.size - 1} others` : "";
  throw new UserError(`${source} holds more than one resource with the URN ${first}${others}.`, {
    mend: `Repair the state: pulumi state repair. ${exportAgain}`,
  });
}

/** All resources are of one stack of the project, which their URNs name. */
function stackOf(resources: readonly StateResource[], source: string, project: string): string {
  const owners = new Set(resources.map(({ urn }) => ownerOf(urn)));
  const [first] = owners;
  const [stack, found] = first?.split("::") ?? [];
  if (owners.has(undefined)) {
    throw new UserError(
      `${source} holds a resource whose URN is none: urn:pulumi:STACK::PROJECT::TYPE::NAME.`,
      {
        mend: exportAgain,
      },
    );
  }
  if (owners.size !== 1 || stack === undefined) {
    throw new UserError(`${source} holds resources of ${owners.size} stacks; one is allowed.`, {
      mend: exportAgain,
    });
  }
  if (found !== project) {
    throw new UserError(`${source} is of the project "${found}"; the rules know "${project}" only.`, {
      mend: `Name a state of this project: pulumi stack export --stack <stack>, run where Pulumi.yaml says name: ${project}.`,
    });
  }
  return stack;
}

/** `STACK::PROJECT`; undefined for what is no URN. */
function ownerOf(urn: string): string | undefined {
  return /^urn:pulumi:([\w.-]+)::([\w.-]+)::/.exec(urn)?.slice(1, 3).join("::");
}
