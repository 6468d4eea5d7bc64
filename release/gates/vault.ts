import type { CheckGate } from "../../runbooks/entry-basics";
import { mapAt } from "../targets/json";
import { type Asking, answer, type CheckOf, looking, nothing } from "./asking";
import type { GateProvider } from "./gate-provider";

const apiVersion = "2024-11-01";
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** Whether secrets exist, are enabled, hold already and last. Asked of Resource Manager, which never tells a value. */
export function vaultProvider({ surroundings }: Asking): GateProvider<CheckGate> {
  return {
    look(gate, context) {
      const { secrets, minimumDays = 0 } = gate.check as CheckOf<"vault">;
      const { vault } = context.facts;
      const question = `secrets of ${vault.name}: ${secrets.join(", ")}`;
      return looking(question, gate, context, async ({ signal }) => {
        const arm = surroundings.arm(signal);
        const now = context.clock.now().getTime();
        const until = now + minimumDays * millisecondsPerDay;
        const faults: string[] = [];
        for (const name of secrets) {
          const found = await arm.get(`${vault.id}/secrets/${name}`, apiVersion);
          if (found === undefined) {
            faults.push(`${name} is not there`);
            continue;
          }
          const { enabled, nbf, exp } = mapAt(found, "properties", "attributes");
          if (enabled !== undefined && typeof enabled !== "boolean")
            return nothing(question, `the vault does not say whether ${name} is enabled`);
          if (enabled === false) faults.push(`${name} is disabled`);
          if (typeof nbf === "number" && nbf * 1000 > now)
            faults.push(`${name} is not to be used before ${new Date(nbf * 1000).toISOString()}`);
          if (exp === undefined || exp === null) continue;
          if (typeof exp !== "number")
            return nothing(question, `the vault does not say when ${name} expires`);
          if (exp * 1000 <= until) faults.push(`${name} expires ${new Date(exp * 1000).toISOString()}`);
        }
        if (faults.length > 0) return answer(question, false, faults.join("; "));
        return answer(question, true, `${secrets.length} are there, enabled and last`);
      });
    },
  };
}
