import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

const prefix = "pulumi:providers:";
/** Providers of which a stack may declare one: it cannot be configured for the stack alone, as the others are. */
const declarable: ReadonlySet<string> = new Set(["kubernetes"]);

export const providerOfStack = resourceRule({
  name: "provider-of-stack",
  topic: "governance",
  displayName: "A stack works in its own subscription only",
  description:
    "No provider is declared beside the stack's own, so that nothing is made in another subscription or tenant.",
  severity: "high",
  ids: ["KIR-008", "STO-056"],
  remediationSteps: "Drop the provider; the stack file's azure-native settings say where resources are made.",
  types: "*",
  evaluate(resource) {
    if (!resource.type.startsWith(prefix)) return notApplicable("looks at providers only");
    const name = resource.type.slice(prefix.length);
    // The engine names the stack's own after the package's version.
    const own = /^default(?:_[\w]+)?$/.test(resource.name);
    if (own || declarable.has(name)) return passed;
    return judged([violation(resource.urn, `a provider of ${name} must not be declared`)]);
  },
});
