import assert from "node:assert/strict";
import { runExecCredential } from "../../../release/clients/exec-credential";
import { loginMayPass } from "../../../release/clients/login-failure";
import type { UserError } from "../../../release/user-error";

/** Messages are those that @azure/identity 4.13.1 gave; the ends of the numbers and addresses are cut off. */
describe("a login that fails may succeed later", () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });
  const required = (message: string) => named("AuthenticationRequiredError", message);
  const chain = (...messages: string[]) =>
    Object.assign(new Error("ChainedTokenCredential authentication failed."), {
      errors: messages.map((message) => named("CredentialUnavailableError", message)),
    });
  const noIdentity =
    "ManagedIdentityCredential: Network unreachable. Message: network_error: See https://aka.ms";
  const cases: readonly (readonly [string, unknown, number | undefined, boolean])[] = [
    ["the network is away", required("network_error: See https://aka.ms/msal.js.errors"), undefined, true],
    ["Entra ID is busy", required("temporarily_unavailable: Error(s): Not Available"), undefined, true],
    ["Entra ID answers 503 with a page", required("unknown: a page"), 503, true],
    ["Entra ID answers 429", required("unknown: a page"), 429, true],
    ["a wrong secret", required("invalid_client: Error(s): 7000215 - AADSTS7000215"), 401, false],
    ["nobody is logged in", chain("Azure CLI could not be found.", noIdentity), undefined, false],
    [
      "az has no connection",
      chain(noIdentity, "ERROR: HTTPSConnectionPool(host='login'): Max retries exceeded with url: /"),
      undefined,
      true,
    ],
  ];
  for (const [what, error, status, expected] of cases)
    it(`${what}: ${expected ? "yes" : "no"}`, () => assert.equal(loginMayPass(error, status), expected));
});

describe("a login command of a kubeconfig that fails", () => {
  const run = (script: string, milliseconds?: number, command = process.execPath) =>
    runExecCredential(
      { command, arguments: ["-e", script], apiVersion: "client.authentication.k8s.io/v1", environment: {} },
      milliseconds,
    );
  const refusal = (words: RegExp, retriable: boolean) => (error: UserError) => {
    assert.match(error.message, words);
    assert.equal(error.retriable, retriable);
    return true;
  };

  it("may succeed later when it took too long", () =>
    assert.rejects(run("setTimeout(() => {}, 60000)", 300), refusal(/has not ended within 0.3 s$/, true)));

  it("may succeed later when it had no connection", () =>
    assert.rejects(
      run("console.error('dial tcp: lookup login: no such host'); process.exit(1)"),
      refusal(/no such host$/, true),
    ));

  it("does not by itself when nobody is logged in, or the command is missing", async () => {
    await assert.rejects(
      run("console.error('Please run az login'); process.exit(1)"),
      refusal(/az login$/, false),
    );
    await assert.rejects(run("", undefined, "no-such-login"), refusal(/is not on PATH$/, false));
  });
});
