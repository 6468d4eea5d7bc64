import { isJson, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ClusterAccess } from "./kubeconfig";

/** An API server said no. */
export class KubernetesRefusal extends UserError {
  constructor(
    readonly status: number,
    /** Kubernetes' own word: NotFound, AlreadyExists, Conflict, Forbidden. Empty when the answer was no Status object. */
    readonly reason: string,
    message: string,
    mend?: string,
  ) {
    // Somebody else was faster, or the API server is busy.
    super(message, { mend, retriable: status === 409 || status === 429 || status >= 500 });
  }

  /** Whether the object was changed by somebody else since it was read. */
  get isConflict(): boolean {
    return this.status === 409 && this.reason === "Conflict";
  }

  /** Whether the API server does not have the kind at all. */
  get isMissingKind(): boolean {
    return this.status === 404 && this.reason === "";
  }
}

export interface RefusedCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Parsed answer. */
  readonly body: unknown;
  readonly access: ClusterAccess;
}

/** What a refusal means for whoever runs this. */
export function refusalOf({ method, path, status, body, access }: RefusedCall): KubernetesRefusal {
  const { reason: given, message: said } = mapAt(body);
  const reason = typeof given === "string" ? given : "";
  const text = typeof said === "string" ? said : `status ${status}`;
  const what = `${method} ${path.split("?")[0]}`;
  const refusal = (message: string, mend?: string) => new KubernetesRefusal(status, reason, message, mend);
  if (status === 401) {
    return refusal(
      `the cluster at ${access.server} does not know who asks (401): the credentials in ${access.source} are expired, or of another cluster`,
      "for dev: npx switchyard cloud stop && npx switchyard cloud start; otherwise log in again",
    );
  }
  if (status === 403) {
    return refusal(
      `the cluster forbids ${what}: ${text}`,
      "the account needs a Role with that verb on that resource in that namespace, and a RoleBinding to it",
    );
  }
  if (status === 404 && !isJson(body)) {
    return refusal(
      `the cluster has no ${path.split("/").slice(2, 4).join("/")}: a CRD is missing`,
      path.startsWith("/apis/gateway.networking.k8s.io/")
        ? "install the CRDs of the Gateway API; the local cluster has them: npx switchyard cloud start"
        : "install the CRD, then repeat",
    );
  }
  if (status === 404 && mapAt(body, "details").kind === "namespaces") {
    return refusal(
      `${what}: ${text}`,
      "the namespace must be there first: declare it in the stack, and let the track depend on it",
    );
  }
  return refusal(`the cluster refused ${what}: ${text}`);
}
