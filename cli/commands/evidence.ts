import { readFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { signPayload } from "../../attestation/dsse";
import type { Signer } from "../../attestation/keys";
import { statementPayloadType } from "../../attestation/statement";
import { peopleWhoSigned, type TrustRoot } from "../../attestation/trust-root";
import { parseStackName } from "../../infra/settings";
import { UserError } from "../../local/user-error";
import { type Draft, entriesAsking, lackOf, signaturesLack } from "../../policies/evidence/asked";
import { clockSkewMilliseconds, countingKinds } from "../../policies/evidence/judge";
import {
  EvidenceError,
  type EvidenceItem,
  evidenceFileName,
  evidenceStatement,
  parseEvidence,
} from "../../policies/evidence/statement";
import { evidenceFolder, NoEvidenceError, readEvidence } from "../../policies/evidence/store";
import { contractComponents } from "../../release/plan/components";
import { isJson } from "../../release/targets/json";
import { plural } from "../../reports/headline";
import { contracts } from "../../runbooks/contracts";
import { systemNames } from "../../runbooks/model";
import type { Contract } from "../../runbooks/vocabulary";
import { evidenceSchema, type PredicateName, predicates } from "../../runbooks/vocabulary/people";
import { requireKeyFor, signerNamed } from "../attest/named-key";
import { localEvidenceFolder, ownTrust, trustsOwnKey } from "../attest/own-trust";
import { trustRootOfStack } from "../attest/trust-of-stack";
import { policyRunOf } from "../check/policy-run";
import type { CommandContext } from "../context";
import type { EvidenceContainer } from "../evidence/evidence-container";
import { evidenceContainerOf, withEvidence } from "../evidence/evidence-of-stack";
import { Refused } from "../exit";
import { jsonFault } from "../json-fault";
import { keepFile } from "../keep-file";
import { pathName } from "../options";
import { readFault } from "../read-fault";
import { localSigner } from "../records/operator-key";
import { contractNamed } from "../release/contract-named";
import { isLocalStack, localStack, requireStackFile } from "../stack-files";

const stackOption = () => new Option("-s, --stack <stack>", "stack whose settings hold").default(localStack);
const folderOption = () =>
  new Option("--folder <folder>", "where evidence lies (default: switchyard:evidence)").argParser(pathName);
const predicateNames = Object.keys(predicates);

/**
 * `switchyard evidence`: signed statements that the runbooks ask for.
 *
 * @param named makes what signs with a key that `--key` names
 */
export function evidenceCommand(context: CommandContext, named: typeof signerNamed = signerNamed): Command {
  return new Command("evidence")
    .description("signed statements: test runs, reviews, drills, readiness")
    .addCommand(signCommand(context, named))
    .addCommand(verifyCommand(context))
    .addCommand(listCommand(context));
}

interface SignOptions {
  readonly stack: string;
  readonly folder?: string;
  readonly predicate: PredicateName;
  readonly system: string;
  readonly of: string;
  readonly digest: string;
  readonly field: Readonly<Record<string, unknown>>;
  readonly json?: string;
  readonly time?: Date;
  readonly key?: string;
}

function signCommand(context: CommandContext, named: typeof signerNamed): Command {
  return new Command("sign")
    .description("state something and sign it; written as <sha256>.dsse.json")
    .addOption(
      new Option("--predicate <name>", "what is stated").choices(predicateNames).makeOptionMandatory(),
    )
    .addOption(new Option("--system <system>", "of which system").choices(systemNames).makeOptionMandatory())
    .requiredOption("--of <what>", "a component, or manifest, commit, migration, contract, system")
    .addOption(new Option("--digest <sha256>", "SHA-256 of it").argParser(sha256).makeOptionMandatory())
    .addOption(
      new Option("--field <name=value>", "a field of the predicate; may be given again")
        .argParser(addField)
        .default({}, "none"),
    )
    .option("--json <file>", "all fields as a JSON object", pathName)
    .addOption(new Option("--time <time>", "when it was so, ISO 8601 (default: now)").argParser(time))
    .option(
      "--key <key>",
      "what signs it: a key's address in Key Vault or, not on production, a file in PEM (default, where dev has no trust root: dev's own)",
    )
    .addOption(stackOption())
    .addOption(folderOption())
    .action(async (options: SignOptions) => {
      const { predicate, system, of: what, digest } = options;
      if (!isLocalStack(options.stack)) requireStackFile(context.workspace, options.stack);
      requireSubject(system, what);
      const fields = { ...(options.json === undefined ? {} : fieldsIn(options.json)), ...options.field };
      const statement = refusing(() =>
        evidenceStatement(predicate, { system, what, digest }, fields, options.time ?? new Date()),
      );
      requireAsked(context, system, { predicate, what, fields });
      const payload = Buffer.from(JSON.stringify(statement));
      const signer = await signerOf(context, options, named);
      const envelope = await signPayload(statementPayloadType, payload, [signer]);
      const text = `${JSON.stringify(envelope)}\n`;
      const name = evidenceFileName(text);
      const judged = await judge(context, options.stack, parseEvidence(text, name));
      if (judged.lack !== undefined)
        throw new UserError(
          `Evidence of ${options.stack} would not count with the key ${signer.keyId}: ${judged.lack}.`,
          {
            mend: `Sign with another one: npx switchyard trust show --stack ${options.stack} lists them, with their kinds and roles.`,
          },
        );
      const container = options.folder === undefined ? containerOf(context, options.stack) : undefined;
      if (container) {
        await container.add(name, text);
        context.out(`${container.name}/${name}\n`);
        return;
      }
      const folder = folderOf(context, options, process.env);
      const file = join(folder, name);
      const elsewhere = "Name with --folder, or in switchyard:evidence, what can be made and written.";
      await keepFile(file, text, elsewhere);
      context.out(`${file}\n`);
    });
}

function verifyCommand(context: CommandContext): Command {
  return new Command("verify")
    .description(
      "who signed these files, as far as a stack counts it: by its trust root, kinds of keys and roles",
    )
    .argument("<file...>", "files to look at")
    .addOption(stackOption())
    .action(async (files: readonly string[], { stack }: { stack: string }) => {
      requireStackFile(context.workspace, stack);
      let refused = 0;
      for (const file of files) {
        const { good, line } = await verified(context, stack, file);
        if (!good) refused++;
        context.out(`${good ? "signed" : "refused"}  ${file}  ${line}\n`);
      }
      if (refused > 0) throw new Refused(`error: ${refused} of ${plural(files.length, "file")} refused`);
    });
}

async function verified(
  context: CommandContext,
  stack: string,
  file: string,
): Promise<{ good: boolean; line: string }> {
  try {
    const item = parseEvidence(await readFile(file, "utf8"), basename(file));
    const { lack, people } = await judge(context, stack, item);
    return lack === undefined
      ? { good: true, line: `${itemText(item)}  by ${people.join(", ")}` }
      : { good: false, line: lack };
  } catch (error) {
    if (error instanceof EvidenceError) return { good: false, line: error.message };
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { good: false, line: readFault(error) };
  }
}

interface ListOptions {
  readonly stack: string;
  readonly folder?: string;
  readonly system?: string;
  readonly predicate?: string;
  readonly subject?: string;
  readonly format: "text" | "json";
}

function listCommand(context: CommandContext): Command {
  return new Command("list")
    .description("the evidence there is")
    .addOption(new Option("--system <system>", "only this system's").choices(systemNames))
    .addOption(new Option("--predicate <name>", "only this kind").choices(predicateNames))
    .option("--subject <what>", "only about this component or kind, or with this digest")
    .addOption(stackOption())
    .addOption(folderOption())
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (options: ListOptions) => {
      const user = await withEvidence({ ...context, stack: options.stack, user: process.env });
      const folder = folderOf(context, options, user);
      await requireFolder(folder);
      const { items, unreadable } = await readEvidence(folder).catch(asUserError);
      const wanted = items.filter((item) => isWanted(item, options));
      const shown = wanted.map(({ envelope: _, ...item }) => item);
      context.out(
        options.format === "json"
          ? `${JSON.stringify({ items: shown, unreadable }, null, 2)}\n`
          : [
              ...wanted.map((item) => `${item.file.slice(0, 12)}…  ${itemText(item)}\n`),
              ...unreadable.map(({ file, message }) => `× ${file}: ${message}\n`),
              `${plural(wanted.length, "statement")}\n`,
            ].join(""),
      );
    });
}

function isWanted(item: EvidenceItem, { system, predicate, subject }: ListOptions): boolean {
  if (predicate !== undefined && item.predicate !== predicate) return false;
  return item.subjects.some(
    (one) =>
      (system === undefined || one.system === system) &&
      (subject === undefined || [one.what, one.digest, `sha256:${one.digest}`].includes(subject)),
  );
}

function itemText({ predicate, subjects, time: at }: EvidenceItem): string {
  const about = subjects.map(({ system, what, digest }) => `${system}/${what}@${digest.slice(0, 12)}`);
  return `${predicate}  ${about.join(" ")}  ${at.toISOString()}`;
}

/** Why the pack takes no signature of a statement on a stack, and those who signed it with a key that could count there. */
async function judge(
  context: CommandContext,
  stack: string,
  item: EvidenceItem,
): Promise<{ readonly lack: string | undefined; readonly people: readonly string[] }> {
  const { environment } = parseStackName(stack);
  const asked = item.subjects.flatMap(({ system }) => contracts.filter((each) => each.system === system));
  const root = await trustOf(context, stack, asked);
  const kinds = [...countingKinds("person", environment), ...countingKinds("ci", environment)];
  const people = peopleWhoSigned(item.envelope, statementPayloadType, root, kinds);
  return {
    lack: signaturesLack(item, asked, { root, environment }),
    people: people.map(({ id, roles }) => (roles.length === 0 ? id : `${id} (${roles.join(", ")})`)),
  };
}

/** Whose signatures count, as a release on the stack judges it. */
async function trustOf(
  { workspace }: CommandContext,
  stack: string,
  asked: readonly Contract[],
): Promise<TrustRoot> {
  return trustsOwnKey(workspace, stack)
    ? ownTrust(workspace, asked, process.env)
    : trustRootOfStack(workspace, stack);
}

function containerOf({ workspace }: CommandContext, stack: string): EvidenceContainer | undefined {
  return evidenceContainerOf({ workspace, stack, user: process.env });
}

function folderOf(
  { workspace }: CommandContext,
  { stack, folder }: { readonly stack: string; readonly folder?: string },
  user: NodeJS.ProcessEnv,
): string {
  if (folder !== undefined) return folder;
  const { settings } = policyRunOf(workspace, stack, user);
  if (settings.evidence === undefined && isLocalStack(stack)) return localEvidenceFolder(workspace);
  requireStackFile(workspace, stack);
  if (settings.evidence === undefined) {
    throw new UserError(`Stack ${stack} has no switchyard:evidence.`, {
      mend: "Set it (docs/evidence.md), or give --folder.",
    });
  }
  return refusing(() => evidenceFolder(settings));
}

/** Without a trust root dev trusts its own key, as a release there does. */
async function signerOf(
  { workspace }: CommandContext,
  { stack, key }: SignOptions,
  named: typeof signerNamed,
): Promise<Signer> {
  if (key !== undefined) {
    requireKeyFor(stack, key);
    return named(key, process.env);
  }
  if (trustsOwnKey(workspace, stack)) return localSigner(workspace);
  throw new UserError(`No key signs it: --key is not given, and ${stack} has a trust root or is not dev.`, {
    mend: "Name a key whose public part the trust root of the stack holds: its address in Key Vault or, not on production, a file.",
  });
}

/** @throws UserError for what is neither a component of the system nor of the kinds that every system has */
function requireSubject(system: string, what: string): void {
  const components = contractComponents(contractNamed(system));
  const kinds = evidenceSchema.shape.subject.options.filter((kind) => kind !== "component");
  if ([...components, ...kinds].includes(what)) return;
  throw new UserError(`${system} has no component ${what}.`, {
    mend: `Its components: ${components.join(", ")}; else ${kinds.join(", ")}.`,
  });
}

/** Nobody signs what no release would take. Of a kind that the runbook does not ask for that cannot be known. */
function requireAsked(context: CommandContext, system: string, draft: Draft): void {
  const asking = entriesAsking(contractNamed(system), draft);
  const lack = lackOf(draft, asking);
  if (lack !== undefined)
    throw new UserError(`Evidence: ${lack}.`, {
      mend: "Give each with --field NAME=VALUE, or all with --json FILE.",
    });
  if (asking.length === 0)
    context.say(`note: the runbook of ${system} asks for no ${draft.predicate} of ${draft.what}`);
}

function refusing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    return asUserError(error);
  }
}

function asUserError(error: unknown): never {
  if (!(error instanceof EvidenceError) && !(error instanceof NoEvidenceError)) throw error;
  throw new UserError(`Evidence: ${error.message}`, { mend: "docs/evidence.md says what each kind holds." });
}

function fieldsIn(file: string): Readonly<Record<string, unknown>> {
  const refused = (why: string, cause?: unknown) =>
    new UserError(`The fields in ${file} cannot be read: ${why}.`, {
      mend: 'Name a file with a JSON object, such as {"suite":"smoke","passed":4,"failed":0}.',
      cause,
    });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw refused(readFault(cause), cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(jsonFault(text));
  }
  if (isJson(value)) return value;
  throw refused("it holds no JSON object");
}

/** @throws UserError when evidence cannot lie there */
async function requireFolder(folder: string): Promise<void> {
  const refused = (why: string, cause?: unknown) =>
    new UserError(`The evidence in ${folder} cannot be read: ${why}.`, {
      mend: "Name a folder that holds evidence; evidence sign makes one when it signs.",
      cause,
    });
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (cause) {
    throw refused(readFault(cause), cause);
  }
  throw refused("it is no folder");
}

/** `failed=0` is a number and `clean=true` a truth; anything else is a text. */
function addField(text: string, before: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Give name=value, such as failed=0.");
  const value = text.slice(at + 1);
  const typed = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : { true: true, false: false }[value];
  return { ...before, [text.slice(0, at)]: typed ?? value };
}

function sha256(text: string): string {
  const [, hex] = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text) ?? [];
  if (hex === undefined) throw new InvalidArgumentError("A SHA-256 has 64 hexadecimal digits.");
  return hex;
}

function time(text: string): Date {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError("A time is written 2026-11-21T12:00:00Z.");
  }
  if (at.getTime() > Date.now() + clockSkewMilliseconds)
    throw new InvalidArgumentError("It is yet to come: what is stated has happened already.");
  return at;
}
