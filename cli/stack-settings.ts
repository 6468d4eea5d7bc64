import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename } from "node:path";
import { parseDocument } from "yaml";
import { kubeconfigPath } from "../infra/kubernetes/kubeconfig-path";
import { placeholdersIn, rawConfigOf, readSettings, SettingsError } from "../infra/settings";
import { UserError } from "../local/user-error";
import { isJson } from "../release/targets/json";
import { readFault } from "./read-fault";
import { isLocalStack, requireStackFile } from "./stack-files";
import type { Workspace } from "./workspace";

/** The settings of a stack are faulty, or placeholders are left in them. */
export class UnusableSettings extends UserError {}

/**
 * Looks at a stack's settings before anything is installed, started or logged in to. The program reads them again; it
 * alone sees what is encrypted.
 *
 * @throws UnusableSettings with every fault of dev's settings; for the other stacks, with every placeholder that is left.
 */
export function requireUsableSettings(workspace: Workspace, stack: string): void {
  const raw = rawConfigOf(readStackConfig(workspace, stack));
  try {
    if (isLocalStack(stack)) readSettings(raw, { stack, offline: false });
    else refusePlaceholders(stack, placeholdersIn(raw, stack));
  } catch (error) {
    if (error instanceof SettingsError) throw new UnusableSettings(error.message, { cause: error });
    throw error;
  }
}

/** What a file held when it was last read, and what that meant: a command asks for it several times, 30 ms each. */
const lastRead = new Map<
  string,
  { readonly text: string; readonly config: Readonly<Record<string, unknown>> }
>();

/**
 * What stands under `config` in a stack's file.
 *
 * @throws UserError when there is no such file, or it is not one of a stack.
 */
export function readStackConfig(workspace: Workspace, stack: string): Readonly<Record<string, unknown>> {
  const file = requireStackFile(workspace, stack);
  const refused = (why: string, cause?: unknown) =>
    new UserError(`${file} ${why}`, {
      mend: `Correct it there; git diff ${basename(file)} shows what was changed last.`,
      cause,
    });
  const text = textOf(file, refused);
  const known = lastRead.get(file);
  if (known?.text === text) return known.config;
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw refused(`is not valid YAML: ${broken.message.trim()}`);
  const content: unknown = document.toJS() ?? {};
  if (!isJson(content)) throw refused("is not a stack file: it holds no map.");
  const config = content.config ?? {};
  if (!isJson(config)) throw refused("is not a stack file: its config is no map.");
  lastRead.set(file, { text, config });
  return config;
}

function textOf(file: string, refused: (why: string, cause: unknown) => UserError): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw refused(`cannot be read: ${readFault(cause)}.`, cause);
  }
}

/** Absolute path of the developer's own kubeconfig, when a stack names one; `~/` is the home folder. */
export function ownKubeconfig(
  workspace: Workspace,
  stack: string,
  user: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const own = readStackConfig(workspace, stack)["switchyard:kubeconfig"];
  return typeof own === "string" ? kubeconfigPath(own, user.HOME || homedir()) : undefined;
}

/** Names of the systems that a stack carries, as its file has them. */
export function systemsOfStack(workspace: Workspace, stack: string): readonly string[] {
  const systems = readStackConfig(workspace, stack)["switchyard:systems"];
  return Array.isArray(systems) ? systems.map(String) : [];
}

function refusePlaceholders(stack: string, left: readonly { key: string; whatIsAsked: string }[]): void {
  if (left.length === 0) return;
  const lines = left.map(({ key, whatIsAsked }) => `  ${key}: ${whatIsAsked}`);
  throw new UnusableSettings(
    `Stack ${stack} still has ${left.length} placeholders for what only its owner knows:\n${lines.join("\n")}`,
    {
      mend: `Give each: pulumi config set --path 'KEY' --stack ${stack}, with --secret where the stack file says so; it asks for the value. Where there is no pulumi yet: eval "$(npx switchyard env --stack ${stack})".`,
    },
  );
}
