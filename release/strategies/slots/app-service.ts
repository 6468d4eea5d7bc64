import type { WebSiteManagementClient } from "@azure/arm-appservice";
import { connectionFailure } from "../../clients/connection-failure";
import { localEndpoint, localSubscriptionId } from "../../clients/local-cloud";
import type { Surroundings } from "../../clients/surroundings";
import { tokenCredential } from "../../clients/token-credential";
import { withinTime } from "../../clients/within-time";
import { redacted } from "../../redacted";
import { UserError } from "../../user-error";

/** A resource of App Service by its ARM id. */
export interface SiteAddress {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** @throws UserError for what is no id of a site or static site */
export function siteAddress(id: string): SiteAddress {
  const [, subscriptionId, resourceGroup, name] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Web\/(?:sites|staticSites)\/([^/]+)$/i.exec(
      id,
    ) ?? [];
  if (subscriptionId !== undefined && resourceGroup !== undefined && name !== undefined)
    return { subscriptionId, resourceGroup, name };
  throw new UserError(`${JSON.stringify(id)} is not the id of a site`);
}

/**
 * Azure's own client for App Service, which knows long operations and `Retry-After`; loaded when a site is first written.
 * The local subscription is asked of the embedded cloud, in clear on loopback and with its token, and of nobody else.
 */
export function appServiceOf(
  { subscriptionId }: SiteAddress,
  { outside }: Pick<Surroundings, "outside">,
): WebSiteManagementClient {
  const { WebSiteManagementClient } =
    require("@azure/arm-appservice") as typeof import("@azure/arm-appservice");
  if (subscriptionId.toLowerCase() !== localSubscriptionId) {
    return new WebSiteManagementClient(tokenCredential(outside.login, "arm"), subscriptionId);
  }
  const { url } = localEndpoint(outside.stateDir);
  const nobody = { getToken: async () => null };
  const client = new WebSiteManagementClient(nobody, subscriptionId, {
    endpoint: url,
    allowInsecureConnection: true,
  });
  // Azure's policy for tokens refuses plain HTTP, and rightly so: this one goes to loopback only.
  client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
  client.pipeline.addPolicy({
    name: "localCloud",
    sendRequest(request, next) {
      if (new URL(request.url).origin !== new URL(url).origin)
        throw new UserError(`refused: the local cloud sends on to ${new URL(request.url).origin}`);
      request.headers.set("authorization", `Bearer ${localEndpoint(outside.stateDir).token}`);
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
  return client;
}

/**
 * What Azure says of a swap that it has begun and undone again, with 400, 409 or 417: the slot did not start or answer in time.
 * The same swap may pass at the next try (Azure/azure-cli, issue 29342; microsoft/azure-pipelines-tasks, issues 13003, 19273).
 */
const failedSwap = /^Cannot swap (?:site )?slots/i;

/** Azure says that another operation on the site is under way. */
export class SiteBusy extends UserError {}

/** A write that is no long operation answers within seconds; the SDK tries a busy service again meanwhile. */
const writeSeconds = 60;

export interface AskingOptions {
  /** For all tries of the SDK and the operation that the call began. @default 60 */
  readonly seconds?: number;
  readonly outer?: AbortSignal | undefined;
  /** Roles that the call takes. @default Website Contributor on the site and its slot */
  readonly rights?: string;
}

/**
 * A call whose refusals are told in the user's words. The SDK itself waits for an answer without end.
 *
 * @param call gives its signal to the SDK
 * @throws SiteBusy for 409, unless a swap has failed; UserError, retriable for what may pass; the reason of `outer`
 */
export function asking<T>(
  what: string,
  call: (abortSignal: AbortSignal) => Promise<T>,
  {
    seconds = writeSeconds,
    outer,
    rights = "Website Contributor on the site and its slot",
  }: AskingOptions = {},
): Promise<T> {
  return withinTime(seconds * 1000, outer, async (abortSignal) => {
    try {
      return await call(abortSignal);
    } catch (error) {
      outer?.throwIfAborted();
      if (!abortSignal.aborted) throw told(what, error, rights);
      throw new UserError(`${what}: Azure has not answered within ${seconds} s`, {
        retriable: true,
        cause: error,
      });
    }
  });
}

function told(what: string, error: unknown, rights: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { statusCode, code, details } = error as { statusCode?: number; code?: string; details?: unknown };
  const said = redacted(
    (details as { error?: { message?: string } } | undefined)?.error?.message ?? firstLine(error.message),
  );
  if (statusCode !== undefined && failedSwap.test(said)) {
    return new UserError(`Azure has not done ${what} (${statusCode}): ${said}`, {
      retriable: true,
      mend: "the slot must start with production's settings and answer its warm-up: the log stream of the slot says what hinders it",
      cause: error,
    });
  }
  if (statusCode === 409)
    return new SiteBusy(`Azure refused ${what}: ${said}`, { retriable: true, cause: error });
  if (statusCode === 401 || statusCode === 403) {
    return new UserError(`Azure forbids ${what}: ${said}`, {
      mend: `whoever releases needs ${rights}`,
      cause: error,
    });
  }
  if (statusCode !== undefined) {
    const retriable = statusCode === 429 || statusCode >= 500;
    return new UserError(`Azure refused ${what} (${statusCode}): ${said}`, { retriable, cause: error });
  }
  const reason =
    connectionFailure(error) ?? (code === "REQUEST_SEND_ERROR" ? firstLine(error.message) : undefined);
  if (reason !== undefined)
    return new UserError(`${what}: Azure cannot be reached: ${reason}`, { retriable: true, cause: error });
  // The poller tells of an operation that failed by a text alone.
  if (/long-running operation/i.test(error.message))
    return new UserError(`${what}: ${firstLine(error.message)}`, { retriable: true, cause: error });
  return error;
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}
