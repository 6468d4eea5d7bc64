import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename } from "node:path";
import { parseDocument } from "yaml";
import { blobContainer } from "../infra/config/common-settings";
import { kubeconfigPath } from "../infra/kubernetes/kubeconfig-path";
import { placeholdersIn, rawConfigOf, readSettings, SettingsError } from "../infra/settings";
import { UserError } from "../local/user-error";
import { isJson } from "../release/targets/json";
import { readFault } from "./read-fault";
import { isLocalStack, requireStackFile, stacksWithFile } from "./stack-files";
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
    refuseSharedJournals(workspace, stack);
  } catch (error) {
    if (error instanceof SettingsError) throw new UnusableSettings(error.message, { cause: error });
    throw error;
  }
}

/** Journals and leases are by system alone: a stack would take up, and go back by, the releases of another one. */
function refuseSharedJournals(workspace: Workspace, stack: string): void {
  const own = journalsOf(workspace, stack);
  if (own === undefined) return;
  const other = stacksWithFile(workspace).find(
    (name) => name !== stack && journalsOf(workspace, name) === own,
  );
  if (other === undefined) return;
  throw new UnusableSettings(
    `Stacks ${stack} and ${other} keep the journals of their releases in one container: switchyard:journal of both is ${own}.`,
    {
      mend: `Each has its own: pulumi config set switchyard:journal https://ACCOUNT.blob.core.windows.net/CONTAINER --stack STACK, for the one whose releases are not in there (docs/release.md).`,
    },
  );
}

/** The container of a stack's journals; undefined without one, and of a file that cannot be read: that is said where it is used. */
function journalsOf(workspace: Workspace, stack: string): string | undefined {
  try {
    const journal = readStackConfig(workspace, stack)["switchyard:journal"];
    return typeof journal === "string" && blobContainer.test(journal)
      ? journal.replace(/\/$/, "")
      : undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
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
