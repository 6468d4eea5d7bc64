import { join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type DevPerson, makeDevTrust } from "../attest/dev-trust";
import { requireKnownRoles } from "../attest/known-roles";
import { trustRootOfStack } from "../attest/trust-of-stack";
import type { CommandContext } from "../context";
import { pathName } from "../options";
import { putFile } from "../put-file";
import { localStack } from "../stack-files";

/** `switchyard trust`: whose signatures count. */
export function trustCommand(context: CommandContext): Command {
  return new Command("trust")
    .description("whose signatures count on a stack")
    .addCommand(showCommand(context))
    .addCommand(initCommand(context))
    .addCommand(signCommand(context));
}

function showCommand(context: CommandContext): Command {
  return new Command("show")
    .description("the verified trust root of a stack: people, roles and keys")
    .option("-s, --stack <stack>", "stack whose settings pin it", localStack)
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async ({ stack, format }: { stack: string; format: "text" | "json" }) => {
      const { digest, serial, expires, keys } = await trustRootOfStack(context.workspace, stack);
      const shown = keys.map(({ id, kind, person }) => ({ ...person, key: id, kind }));
      if (format === "json") {
        context.out(`${JSON.stringify({ stack, digest, serial, expires, keys: shown }, null, 2)}\n`);
        return;
      }
      const lines = shown.map(({ id, roles, kind, key }) => `  ${id}  ${roles.join(", ")}  ${kind} ${key}`);
      context.out(
        `${stack}: trust root ${serial}, ${digest}, until ${expires.toISOString()}\n${lines.join("\n")}\n`,
      );
    });
}

const usual: readonly DevPerson[] = [
  { id: "owner", roles: ["deployment-lead"] },
  { id: "approver", roles: ["policy-approver", "release-approver"] },
];

function initCommand(context: CommandContext): Command {
  return new Command("init")
    .description("make a trust root for dev, with keys in files; production takes no such keys")
    .addOption(
      new Option("--person <id=role,role>", "somebody with a key; may be given again")
        .argParser(addPerson)
        .default([], "owner=deployment-lead and approver=policy-approver,release-approver"),
    )
    .action(async ({ person }: { person: readonly DevPerson[] }) => {
      const { workspace } = context;
      const folder = join(workspace.stateDir, "trust");
      const people = person.length > 0 ? person : usual;
      for (const { id, roles } of people) await requireKnownRoles(roles, id);
      const { file, rootKey, keys } = await makeDevTrust(folder, people, new Date());
      const setting = { location: relative(workspace.root, file), keys: [rootKey], threshold: 1 };
      context.say(`Made ${file}, signed by a root key of its own, and these keys (0600):`);
      for (const [id, path] of keys) context.say(`  ${id}: ${path}`);
      context.say(
        `It is for dev: production takes no signature by a key in a file. In Pulumi.${localStack}.yaml:`,
      );
      context.out(`switchyard:trustRoot: ${JSON.stringify(setting)}\n`);
    });
}

interface SignOptions {
  readonly key: string;
  readonly out: string;
}

function signCommand(context: CommandContext): Command {
  return new Command("sign")
    .description("sign a trust root for staging or production with one of its root keys")
    .argument("<document>", "its text: people, roles and public keys (docs/exemptions.md)")
    .requiredOption("--key <key>", "root key: its address in Key Vault, or a file in PEM")
    .requiredOption(
      "-o, --out <file>",
      "the signed one; signatures of the same text that it has are kept",
      pathName,
    )
    .action(async (document: string, { key, out }: SignOptions) => {
      const [{ signerNamed }, { signTrust }] = await Promise.all([
        import("../attest/named-key.js"),
        import("../attest/sign-trust.js"),
      ]);
      const signer = await signerNamed(key, process.env);
      const { text, pin, signed } = await signTrust(document, signer, out, new Date());
      putFile(out, text);
      if (signed < pin.threshold) {
        context.say(
          `${out} is signed by ${signed} of the ${pin.threshold} root keys that it asks for: the others run the same command with theirs.`,
        );
        return;
      }
      const setting = { location: relative(context.workspace.root, resolve(out)), ...pin };
      context.say(
        `${out} is signed. In the stack's file, with the file's path in the project or its https address:`,
      );
      context.out(`switchyard:trustRoot: ${JSON.stringify(setting)}\n`);
    });
}

function addPerson(text: string, before: readonly DevPerson[]): DevPerson[] {
  const [, id, roles] = /^([A-Za-z0-9._@-]+)=([a-z0-9-]+(?:,[a-z0-9-]+)*)$/.exec(text) ?? [];
  if (id === undefined || roles === undefined || id === "root") {
    throw new InvalidArgumentError("Give id=role,role, such as alice=policy-approver.");
  }
  return [...before, { id, roles: roles.split(",") }];
}
