import type { KubernetesClient } from "../clients/kubernetes";
import { listAt, mapAt } from "../targets/json";

/** A Certificate of cert-manager as it says of itself. */
export interface ManagedCertificate {
  readonly name: string;
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly why: string;
  /** ISO 8601; absent before it was issued. */
  readonly notAfter?: string;
  readonly renewalTime?: string;
}

/** The Certificates of a namespace. */
export async function certificatesIn(
  client: Pick<KubernetesClient, "list">,
  namespace: string,
): Promise<readonly ManagedCertificate[]> {
  const found = await client.list(`/apis/cert-manager.io/v1/namespaces/${namespace}/certificates`);
  return found.map((certificate) => {
    const { notAfter, renewalTime } = mapAt(certificate, "status");
    const condition = listAt(certificate, "status", "conditions")
      .map((one) => mapAt(one))
      .find(({ type }) => type === "Ready");
    return {
      name: String(mapAt(certificate, "metadata").name),
      ready: condition?.status === "True",
      why: String(condition?.message ?? "no condition"),
      ...(typeof notAfter === "string" && { notAfter }),
      ...(typeof renewalTime === "string" && { renewalTime }),
    };
  });
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** Whether each is ready and does not expire soon; none at all is no proof. */
export function certificatesValid(
  certificates: readonly ManagedCertificate[],
  minimumDays: number,
  now: Date,
): { readonly holds: boolean; readonly seen: string } {
  const judged = certificates.map(({ name, ready, why, notAfter }) => {
    const days = (Date.parse(notAfter ?? "") - now.getTime()) / millisecondsPerDay;
    const until = Number.isNaN(days)
      ? "nobody knows until when"
      : `${Math.floor(days)} days, until ${notAfter}`;
    const few = days >= minimumDays ? "" : `, and at least ${minimumDays} days are wanted`;
    const seen = `${name}: ${ready ? "ready" : `not ready (${why})`}, ${until}${few}`;
    return { holds: ready && days >= minimumDays, seen };
  });
  const faults = judged.filter(({ holds }) => !holds);
  if (judged.length === 0) return { holds: false, seen: "there are no certificates" };
  const told = faults.length > 0 ? faults : judged;
  return { holds: faults.length === 0, seen: told.map(({ seen }) => seen).join("; ") };
}
