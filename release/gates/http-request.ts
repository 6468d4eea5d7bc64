import { bearer } from "../clients/bearer";
import type { HostRequest } from "../clients/surroundings";
import { isJson } from "../targets/json";
import { UserError } from "../user-error";
import type { Asking, Look } from "./asking";
import { valueAt } from "./comparison";
import type { GateContext } from "./gate-provider";
import { hostUrl } from "./host-url";
import type { CheckGateOf } from "./provider-gate";

export type HttpGate = CheckGateOf<"http">;

/**
 * The request that a gate describes, with its secrets, which are hidden from whatever is said about it.
 *
 * @throws UserError when a secret cannot be read, nobody is logged in, or the answer that holds the token is not there yet
 */
export async function requestOf(
  { check }: HttpGate,
  asking: Pick<Asking, "secret" | "surroundings">,
  context: GateContext,
  { signal, hide }: Look,
): Promise<HostRequest> {
  const secret = async (name: string) => hide(await asking.secret(name, context, signal));
  const token =
    check.tokenSecret !== undefined
      ? await secret(check.tokenSecret)
      : check.signedInTo !== undefined
        ? hide(await bearer(asking.surroundings, check.signedInTo))
        : tokenFrom(check, context, hide);
  const secretHeaders: Record<string, string> = {};
  for (const [header, name] of Object.entries(check.secretHeaders ?? {})) {
    secretHeaders[header] = await secret(name);
  }
  const fields: Record<string, string> = {};
  for (const [field, name] of Object.entries(check.secretFields ?? {})) fields[field] = await secret(name);
  const body = bodyOf(check, fields);
  return {
    method: check.method,
    url: hostUrl(check.host, check.path, context),
    headers: {
      ...check.headers,
      ...secretHeaders,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body }),
    signal,
  };
}

function tokenFrom(
  { tokenFrom: from }: HttpGate["check"],
  { remembered }: GateContext,
  hide: (secret: string) => string,
): string | undefined {
  if (from === undefined) return undefined;
  const found = valueAt(remembered.get(from.gate), from.path);
  if (typeof found === "string" && found !== "") return hide(found);
  throw new UserError(`the token comes from the answer to ${from.gate}, which has not been given yet`);
}

function bodyOf(
  { body, secretFields }: HttpGate["check"],
  fields: Readonly<Record<string, string>>,
): string | undefined {
  if (secretFields === undefined) return body;
  const plain: unknown = body === undefined ? {} : JSON.parse(body);
  if (!isJson(plain)) throw new UserError("fields can be put into a JSON object only");
  return JSON.stringify({ ...plain, ...fields });
}
