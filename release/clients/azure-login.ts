import type { ClientSecretCredentialOptions, TokenCredential } from "@azure/identity";
import { UserError } from "../user-error";
import { connectionFailure } from "./connection-failure";
import { exchange, jsonOf } from "./http";
import { loginMayPass } from "./login-failure";

/** What tokens are for, as Azure names it. */
export const scopes = {
  arm: "https://management.azure.com/.default",
  storage: "https://storage.azure.com/.default",
  vault: "https://vault.azure.net/.default",
  prometheus: "https://prometheus.monitor.azure.com/.default",
  logs: "https://api.loganalytics.io/.default",
  /** The application of Azure Managed Grafana (Microsoft Learn, "Call Azure Managed Grafana APIs"). */
  grafana: "ce34e7e5-485f-4d76-964f-b3d2b16d1e4f/.default",
  /** The application that every AKS cluster with Entra login trusts (Microsoft Learn, "AKS-managed Entra integration"). */
  kubernetes: "6dae42f8-4368-4678-94ff-3960e28e3630/.default",
} as const;
export type Scope = keyof typeof scopes;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the last answer of Entra ID was, or of the provider of a pipeline's identity: the SDK's errors do not say it. */
interface LastAnswer {
  status?: number;
}

/** Tokens of whoever runs this, made at run time and kept in memory only. */
export class AzureLogin {
  private credential: Promise<TokenCredential> | undefined;
  private readonly last: LastAnswer = {};

  constructor(private readonly env: Environment) {}

  /** @throws UserError when nobody is logged in; retriable when the network or the service is away */
  async token(scope: Scope): Promise<string> {
    this.credential ??= credentialOf(this.env, this.last);
    this.last.status = undefined;
    try {
      const token = await (await this.credential).getToken(scopes[scope]);
      if (token === null) throw new Error("no token was given");
      return token.token;
    } catch (error) {
      throw new UserError(`no token for ${scopes[scope]}: ${firstLines((error as Error).message)}`, {
        mend: "log in with az login, or set the variables with which the azure-native provider logs in (ARM_CLIENT_ID, ARM_TENANT_ID, …)",
        cause: error,
        retriable: loginMayPass(error, this.last.status) || connectionFailure(error) !== undefined,
      });
    }
  }
}

/** The login of the azure-native provider, so that both act as the same: its `ARM_*` variables, else what Azure's SDKs try. */
async function credentialOf(env: Environment, last: LastAnswer): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const { ARM_CLIENT_ID: client, ARM_TENANT_ID: tenant, ARM_CLIENT_SECRET: secret } = env;
  const options = watched(last);
  if (client && tenant && secret) return new identity.ClientSecretCredential(tenant, client, secret, options);
  if (client && tenant && env.ARM_USE_OIDC === "true") {
    return new identity.ClientAssertionCredential(tenant, client, () => oidcToken(env, last), options);
  }
  return new identity.DefaultAzureCredential();
}

function watched(last: LastAnswer): Pick<ClientSecretCredentialOptions, "additionalPolicies"> {
  return {
    additionalPolicies: [
      {
        position: "perRetry",
        policy: {
          name: "lastAnswer",
          async sendRequest(request, next) {
            last.status = undefined;
            const answer = await next(request);
            last.status = answer.status;
            return answer;
          },
        },
      },
    ],
  };
}

async function oidcToken(env: Environment, last: LastAnswer): Promise<string> {
  if (env.ARM_OIDC_TOKEN) return env.ARM_OIDC_TOKEN;
  const url = env.ARM_OIDC_REQUEST_URL || env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const token = env.ARM_OIDC_REQUEST_TOKEN || env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!url || !token)
    throw new Error("ARM_USE_OIDC is set, and neither ARM_OIDC_TOKEN nor a request URL and token");
  const address = new URL(url);
  address.searchParams.set("audience", "api://AzureADTokenExchange");
  const answer = await exchange({
    method: "GET",
    url: address,
    headers: { authorization: `Bearer ${token}` },
  });
  last.status = answer.status;
  const { value } = (jsonOf(answer) ?? {}) as { value?: unknown };
  if (typeof value !== "string")
    throw new Error(`the OIDC provider answered ${answer.status} without a token`);
  return value;
}

function firstLines(text: string): string {
  return text.split("\n").slice(0, 3).join("\n");
}
