import type { TokenCredential } from "@azure/identity";
import type { AzureLogin, Scope } from "./azure-login";

/** Tokens are asked for anew this often; AzureLogin keeps them as long as they are good. */
const tokenMilliseconds = 5 * 60_000;

/** The login of whoever runs this, in the form in which Azure's SDKs take it. */
export function tokenCredential(login: Pick<AzureLogin, "token">, scope: Scope): TokenCredential {
  return {
    getToken: async () => ({
      token: await login.token(scope),
      expiresOnTimestamp: Date.now() + tokenMilliseconds,
    }),
  };
}
