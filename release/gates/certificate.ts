import { type HandshakeArgs, handshake, refusesUpTo } from "../clients/tls-handshake";
import { listAt, mapAt } from "../targets/json";
import { type Asking, addressOf, answer, looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";
import { failureOf } from "./transport";

type CertificateGate = CheckGateOf<"certificate">;

const millisecondsPerDay = 24 * 60 * 60 * 1000;
const webApiVersion = "2025-05-01";
/** The version before the lowest that a host may accept. */
const before = { "1.2": "TLSv1.1", "1.3": "TLSv1.2" } as const;

interface Found {
  readonly fault?: string;
  readonly seen: string;
}

/**
 * Certificates of hosts as a handshake shows them: trusted, for that host, valid for long enough; and that the host
 * refuses versions of TLS below the lowest. On dev, whose front speaks no TLS, the certificates that the stack declares
 * are read instead, and what is seen says so.
 *
 * @param place where a handshake goes instead of port 443 of its host
 */
export function certificateProvider(
  { surroundings }: Asking,
  place: Partial<Pick<HandshakeArgs, "port" | "ca">> = {},
): GateProvider<CertificateGate> {
  return {
    look(gate, context) {
      const { hosts, minimumDays, minimumTls } = gate.check;
      const question = `certificates of ${hosts.join(", ")}`;
      return looking(question, gate, context, async ({ signal }) => {
        const found: Found[] = [];
        for (const name of hosts) {
          const url = addressOf(name, context);
          const one =
            surroundings.environment === "dev"
              ? await declared(url.hostname, context, surroundings.arm(signal), minimumDays)
              : await served(url, { place, signal, context, minimumDays, minimumTls });
          if (one.kind === "nothing") return nothing(question, one.why);
          found.push(one.found);
        }
        const faults = found.flatMap(({ fault }) => fault ?? []);
        const seen = faults.length > 0 ? faults : found.map(({ seen }) => seen);
        return answer(question, faults.length === 0, seen.join("; "));
      });
    },
  };
}

type Told =
  | { readonly kind: "found"; readonly found: Found }
  | Pick<Extract<Sample, { kind: "nothing" }>, "kind" | "why">;

interface Asked {
  readonly place: Partial<Pick<HandshakeArgs, "port" | "ca">>;
  readonly signal: AbortSignal;
  readonly context: GateContext;
  readonly minimumDays: number;
  readonly minimumTls: CertificateGate["check"]["minimumTls"];
}

async function served(url: URL, { place, signal, context, minimumDays, minimumTls }: Asked): Promise<Told> {
  const host = url.hostname;
  const asked: HandshakeArgs = { host, port: place.port ?? (Number(url.port) || 443), ...place, signal };
  try {
    const { validTo, distrust, protocol } = await handshake(asked);
    if (distrust !== undefined) return fault(`${host}: its certificate is not to be trusted (${distrust})`);
    const told = lasts(host, validTo, context, minimumDays);
    if (told.kind === "nothing" || told.found.fault !== undefined || minimumTls === undefined) return told;
    return (await refusesUpTo(before[minimumTls], asked))
      ? { kind: "found", found: { seen: `${told.found.seen}, ${protocol} and nothing below ${minimumTls}` } }
      : fault(`${host} accepts ${before[minimumTls]}, and nothing below ${minimumTls} is allowed`);
  } catch (error) {
    signal.throwIfAborted();
    const failure = failureOf(error);
    if (failure !== undefined) return fault(`${host}: ${failure}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { kind: "nothing", why: `no handshake with ${host} from here (${code})` };
  }
}

/** Certificates that the system's resource group has for the host. */
async function declared(
  host: string,
  context: GateContext,
  arm: ReturnType<Asking["surroundings"]["arm"]>,
  minimumDays: number,
): Promise<Told> {
  const path = `${context.facts.resourceGroupId}/providers/Microsoft.Web/certificates`;
  const all = (await arm.collection(path, webApiVersion)) ?? [];
  const own = all.find((certificate) => {
    const { canonicalName, subjectName } = mapAt(certificate, "properties");
    return [canonicalName, subjectName, ...listAt(certificate, "properties", "hostNames")].includes(host);
  });
  const { expirationDate } = mapAt(own, "properties");
  if (typeof expirationDate !== "string") {
    return {
      kind: "nothing",
      why: `on dev ${host} is served without TLS, and the stack declares no certificate of it whose end is known`,
    };
  }
  const told = lasts(host, new Date(expirationDate), context, minimumDays);
  if (told.kind === "nothing" || told.found.fault !== undefined) return told;
  return { kind: "found", found: { seen: `${told.found.seen} (as declared: on dev no TLS is served)` } };
}

function lasts(host: string, validTo: Date, { clock }: GateContext, minimumDays: number): Told {
  if (Number.isNaN(validTo.getTime()))
    return { kind: "nothing", why: `${host} does not say until when its certificate holds` };
  const days = Math.floor((validTo.getTime() - clock.now().getTime()) / millisecondsPerDay);
  const seen = `${host} until ${validTo.toISOString().slice(0, 10)}, ${days} days`;
  return days >= minimumDays
    ? { kind: "found", found: { seen } }
    : fault(`${seen}, and ${minimumDays} are wanted`);
}

function fault(text: string): Told {
  return { kind: "found", found: { fault: text, seen: text } };
}
