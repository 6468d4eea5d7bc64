import { Resolver } from "node:dns/promises";
import type { CheckGate } from "../../runbooks/entry-basics";
import { type Asking, addressOf, answer, type CheckOf, looking, nothing } from "./asking";
import type { GateProvider } from "./gate-provider";

/** What is asked for records; Node's resolver by default. */
export type Records = Pick<Resolver, "resolve4" | "resolve6" | "resolveCname" | "resolveTxt" | "cancel">;

const faults: Readonly<Record<string, string>> = {
  ETIMEOUT: "the name server does not answer",
  ETIMEDOUT: "the name server does not answer",
  ECONNREFUSED: "nothing listens where the name server should",
  ESERVFAIL: "the name server failed",
  EREFUSED: "the name server refuses who asks",
  ENOTIMP: "the name server does not know such a question",
  EOF: "the name server cut its answer off",
  EBADRESP: "the name server's answer is malformed",
  EFORMERR: "the name server calls the question malformed",
};

/** Whether a host's record is what the stack says. */
export function dnsProvider(
  _asking: Asking,
  recordsOf: (timeoutMilliseconds: number) => Records = (timeout) => new Resolver({ timeout, tries: 1 }),
): GateProvider<CheckGate> {
  return {
    look(gate, context) {
      const { host, record, equalsOutput } = gate.check as CheckOf<"dns">;
      const question = `${record} of ${host}`;
      return looking(question, gate, context, async ({ signal }) => {
        const expected = context.facts.outputs[equalsOutput];
        if (expected === undefined)
          return nothing(question, `the stack's output release has no ${equalsOutput}; npx switchyard up`);
        const name = addressOf(host, context).hostname;
        const records = recordsOf(gate.timeoutSeconds * 1000);
        const stop = () => records.cancel();
        signal.addEventListener("abort", stop, { once: true });
        try {
          const found = await asked(records, record, name);
          const seen = `${name} is ${found.join(", ") || "without records"}, expected ${expected}`;
          const isExpected = (one: string) => plain(one) === plain(expected);
          // Whoever asks gets any of the addresses; texts of others may stand beside the own.
          const holds =
            record === "TXT" ? found.some(isExpected) : found.length > 0 && found.every(isExpected);
          return answer(question, holds, seen);
        } catch (error) {
          signal.throwIfAborted();
          const { code = "" } = error as NodeJS.ErrnoException;
          if (code === "ENOTFOUND" || code === "ENODATA")
            return answer(question, false, `${name} has no ${record} record`);
          const why = faults[code];
          if (why === undefined) throw error;
          return nothing(question, `${why} (${code}); look at this machine's name servers`);
        } finally {
          signal.removeEventListener("abort", stop);
        }
      });
    },
  };
}

async function asked(
  records: Records,
  record: CheckOf<"dns">["record"],
  name: string,
): Promise<readonly string[]> {
  switch (record) {
    case "A":
      return records.resolve4(name);
    case "AAAA":
      return records.resolve6(name);
    case "CNAME":
      return records.resolveCname(name);
    case "TXT":
      return (await records.resolveTxt(name)).map((parts) => parts.join(""));
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
