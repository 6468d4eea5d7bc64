import { join } from "node:path";
import { Command, Option } from "commander";
import { preAuthenticationEncoding } from "../../attestation/dsse";
import { UserError } from "../../local/user-error";
import {
  type Exemption,
  type ExemptionFields,
  exemptionPayloadType,
} from "../../policies/exemptions/exemption";
import type { ExemptionEntry } from "../../policies/exemptions/file";
import type { ExemptionLedger } from "../../policies/exemptions/ledger";
import { exemptionsFileName } from "../../policies/run/run-settings";
import { plural } from "../../reports/headline";
import { schemaFault } from "../../runbooks/schema-fault";
import { ExemptionsDocument } from "../attest/exemptions-document";
import { signerNamed } from "../attest/named-key";
import { trustRootOfStack } from "../attest/trust-of-stack";
import { digestToSign, signatureFromVault } from "../attest/vault-signature";
import { policyRunOf } from "../check/policy-run";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { keepFile } from "../keep-file";
import { pathName } from "../options";
import { localStack, requireStackFile } from "../stack-files";

/** `switchyard exemption`: what the policies overlook, for how long and by whose word. */
export function exemptionCommand(context: CommandContext): Command {
  return new Command("exemption")
    .description("what the policies overlook for a while, by an approver's signature")
    .addCommand(listCommand(context))
    .addCommand(signCommand(context));
}

function listCommand(context: CommandContext): Command {
  return new Command("list")
    .description("what is exempted on a stack, the days that are left, and what is wrong with it")
    .option("-s, --stack <stack>", "stack whose trust root verifies it", localStack)
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async ({ stack, format }: { stack: string; format: "text" | "json" }) => {
      requireStackFile(context.workspace, stack);
      const ledger = await policyRunOf(context.workspace, stack, process.env).ledger();
      context.out(format === "json" ? jsonOf(stack, ledger) : textOf(stack, ledger));
      const { faults } = ledger;
      if (faults.length > 0)
        throw new Refused(`error: ${plural(faults.length, "fault")} in ${exemptionsFileName}`);
    });
}

function jsonOf(stack: string, { exemptions, faults }: ExemptionLedger): string {
  const shown = exemptions.map(({ matches: _, ...fields }) => fields);
  return `${JSON.stringify({ stack, exemptions: shown, faults }, null, 2)}\n`;
}

function textOf(stack: string, { exemptions, faults }: ExemptionLedger): string {
  const lines = [
    `${stack}: ${plural(exemptions.length, "exemption")}`,
    ...exemptions.flatMap(exemptionLines),
    ...faults.map(({ entry, message }) => `  × ${entry}: ${message}`),
  ];
  return `${lines.join("\n")}\n`;
}

function exemptionLines(one: Exemption): string[] {
  return [
    `  ${one.rule}  ${one.resource}`,
    `      until ${one.expires} (${plural(one.daysLeft, "day")} left), ${one.ticket}, owner ${one.owner}, approved by ${one.approver}`,
    `      ${one.reason}`,
  ];
}

interface SignOptions extends Partial<Omit<ExemptionFields, "rule" | "resource">> {
  readonly rule: string;
  readonly resource: string;
  readonly stack?: string;
  readonly file?: string;
  readonly key?: string;
  readonly digest?: boolean;
  readonly signature?: string;
}

function signCommand(context: CommandContext): Command {
  return new Command("sign")
    .description("sign an entry of exemptions.yaml, or add one; run by its approver")
    .requiredOption("--rule <name>", "rule that is exempted")
    .requiredOption("--resource <pattern>", "URN of the resource, with * within and ** across its parts")
    .option("--reason <text>", "why, in 20 characters or more")
    .option("--owner <name>", "who asks for it and answers for it")
    .option("--approver <id>", "who approves it: a policy-approver of the trust root, not the owner")
    .option("--ticket <id>", "where it is followed up")
    .option("--created <date>", "first day (default: today)")
    .option("--expires <date>", "last day, at most 90 days after the first")
    .option("--file <file>", "file of exemptions (default: that of the policy pack)", pathName)
    .option(
      "-s, --stack <stack>",
      `stack whose trust root knows the key (default: the one that --resource names, else ${localStack})`,
    )
    .addOption(new Option("--key <key>", "what signs it: a key's address in Key Vault, or a file in PEM"))
    .addOption(
      new Option("--digest", "print what a key of a vault has to sign (ES256), and change nothing").conflicts(
        ["key", "signature"],
      ),
    )
    .addOption(new Option("--signature <base64>", "what the vault answered").conflicts("key"))
    .action(async (options: SignOptions) => sign(context, options));
}

async function sign(context: CommandContext, options: SignOptions): Promise<void> {
  const file = options.file ?? join(context.workspace.policyPack, exemptionsFileName);
  const document = ExemptionsDocument.read(file);
  const fields = await wholeFields(document.entry(options.rule, options.resource), options);
  const { exemptionPayload } = await import("../../policies/exemptions/payload.js");
  const payload = exemptionPayload(fields);
  if (options.digest) return context.out(`${digestToSign(exemptionPayloadType, payload)}\n`);
  if (options.key === undefined && options.signature === undefined) {
    throw new UserError("Nothing signs it.", {
      mend: "Give --key, a key's address in Key Vault or a file; or --digest, and then --signature with what the vault answered.",
    });
  }
  const { stackOfPattern } = await import("../../policies/exemptions/urn-pattern.js");
  const stack = options.stack ?? stackOfPattern(fields.resource) ?? localStack;
  const signature =
    options.signature === undefined
      ? await signedBy(options.key ?? "", payload)
      : signatureFromVault(
          options.signature,
          exemptionPayloadType,
          payload,
          await trustRootOfStack(context.workspace, stack),
        );
  await requireApproval(context, stack, { ...fields, signatures: [signature] });
  document.sign(fields, signature);
  await keepFile(file, document.text(), "Name with --file what exists or can be made, and can be written.");
  context.say(
    `Signed ${fields.rule} on ${fields.resource}, until ${fields.expires}, with ${signature.keyid}.`,
  );
}

/** Where the stack has a trust root nobody leaves a signature that no run would take. */
async function requireApproval(
  { workspace, say }: CommandContext,
  stack: string,
  entry: ExemptionEntry,
): Promise<void> {
  const [{ approvingKinds, signerFaults }, { NoTrustError }] = await Promise.all([
    import("../../policies/exemptions/open.js"),
    import("../../policies/run/trust.js"),
  ]);
  try {
    const root = await policyRunOf(workspace, stack, process.env).trustRoot();
    const [fault] = signerFaults(entry, root, approvingKinds(stack));
    if (fault === undefined) return;
    throw new UserError(`Runs of ${stack} would refuse the exemption: ${fault}.`, {
      mend: `npx switchyard trust show --stack ${stack} lists who is there, with keys and roles.`,
    });
  } catch (error) {
    if (!(error instanceof NoTrustError)) throw error;
    say(`note: whether ${stack} takes the signature is not known: ${error.message}`);
  }
}

async function signedBy(key: string, payload: Buffer): Promise<{ keyid: string; sig: string }> {
  const signer = await signerNamed(key, process.env);
  const sig = await signer.sign(preAuthenticationEncoding(exemptionPayloadType, payload));
  return { keyid: signer.keyId, sig: Buffer.from(sig).toString("base64") };
}

/** What stands there with what the options change. Nobody signs what would be refused. */
async function wholeFields(
  before: Partial<ExemptionFields> | undefined,
  options: SignOptions,
): Promise<ExemptionFields> {
  const { rule, resource, reason, owner, approver, ticket, created, expires } = options;
  const given = Object.entries({ reason, owner, approver, ticket, created, expires });
  const fields = {
    rule,
    resource,
    created: new Date().toISOString().slice(0, 10),
    ...before,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  };
  const [{ exemptionSchema }, { contentFaults }] = await Promise.all([
    import("../../policies/exemptions/file.js"),
    import("../../policies/exemptions/open.js"),
  ]);
  const parsed = exemptionSchema.safeParse(fields);
  const faults = parsed.success
    ? contentFaults(parsed.data, new Date())
    : parsed.error.issues.map((issue) => schemaFault(issue, fields));
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new UserError(`The exemption would be refused:\n${faults.map((fault) => `  ${fault}`).join("\n")}`, {
    mend: "Give what is missing by its option; docs/exemptions.md has an example.",
  });
}
