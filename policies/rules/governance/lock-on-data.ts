import { armIdOf, comparableId } from "../../azure/arm-id";
import { lockedStores } from "../../azure/data-stores";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { requiredText } from "../../read";
import { stackRule } from "../../rule";
import { judged, notApplicable, violation } from "../../verdict";

export const lockOnData = stackRule({
  name: "lock-on-data",
  topic: "governance",
  displayName: "Data cannot be deleted by mistake",
  description: "Outside dev every data store and vault carries a lock against deletion.",
  severity: "critical",
  ids: ["KIR-008", "KIR-028", "KIR-031", "TES-001", "STO-093", "CAS-025"],
  framework: benchmark("AM-4"),
  remediationSteps: "Declare a ManagementLockByScope with level CanNotDelete and the resource's id as scope.",
  evaluate(stack) {
    if (stack.environment === "dev") return notApplicable("dev has no locks");
    const stores = stack.ofType(...lockedStores);
    if (stores.length === 0) return notApplicable("the stack has no data store");
    const locks = stack.ofType(azure.lock);
    return judged(
      judgeEach(
        stores,
        (store) => store.urn,
        (store) => {
          const id = armIdOf(store);
          const held = locks.some(
            (lock) =>
              comparableId(requiredText(lock, "scope")) === id &&
              requiredText(lock, "level") === "CanNotDelete",
          );
          return held ? [] : [violation(store.urn, "no lock with level CanNotDelete is declared on it")];
        },
      ),
    );
  },
});
