import { z } from "zod";
import { canonicalJson } from "../../attestation/canonical-json";
import { UserError } from "../user-error";
import type { Command } from "./journal";
import { jsonValue } from "./json-value";

const idPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;
/** Names beside the releases of a system. */
const reserved = new Set(["heads", "leases", "lease.json"]);

/** @throws UserError for what would name something else than a system's or a release's own place */
export function requireId(id: string, what: "system" | "release" | "command"): string {
  if (idPattern.test(id) && !id.includes("..") && !reserved.has(id)) return id;
  throw new UserError(
    `${JSON.stringify(id.slice(0, 120))} cannot be the id of a ${what}: 1 to 100 letters, digits and "._-", not ${[...reserved].join(", ")}`,
  );
}

const commandSchema = z.strictObject({
  id: z.string().regex(idPattern),
  command: z.enum(["hold", "promote", "resume", "rollback", "abort", "approve", "answer", "confirm"]),
  by: z.string().min(1),
  at: z.iso.datetime(),
  reason: z.string().optional(),
  entry: z.string().optional(),
  role: z.string().optional(),
  answer: jsonValue.optional(),
  restore: z.boolean().optional(),
});

/** @throws UserError for a command that is none */
export function commandText(command: Command): string {
  requireId(command.id, "command");
  const parsed = commandSchema.safeParse(JSON.parse(canonicalJson(command)));
  if (parsed.success) return `${JSON.stringify(parsed.data)}\n`;
  const [issue] = parsed.error.issues;
  throw new UserError(`a command cannot be sent: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** @returns the reason as a text when it is no command */
export function parseCommand(text: string): Command | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return "it is no JSON";
    throw error;
  }
  const parsed = commandSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join(".") || "it"}: ${issue?.message}`;
}

const stampLength = "2026-11-21T12-00-00-000Z".length;

/** `TIME-ID.json`; names sort by time. */
export function commandName({ at, id }: Command): string {
  return `${new Date(at).toISOString().replaceAll(/[:.]/g, "-")}-${id}.json`;
}

/** @returns the command's id; undefined for a name that is none of a command */
export function idInCommandName(name: string): string | undefined {
  const id = name.slice(stampLength + 1, -".json".length);
  const stamp = name.slice(0, stampLength);
  return /^[\dTZ-]+$/.test(stamp) && name.endsWith(".json") && idPattern.test(id) ? id : undefined;
}

/** Names of what is not known yet, in the order in which it was sent. */
export function newCommands(names: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return names
    .filter((name) => {
      const id = idInCommandName(name);
      return id !== undefined && !known.has(id);
    })
    .sort();
}
