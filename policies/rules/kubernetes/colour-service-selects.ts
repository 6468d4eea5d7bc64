import { judgeEach } from "../../decide";
import { activeServicesIn, switchedSide } from "../../kubernetes/cluster-systems";
import { namespaceOf, objectName } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, mapAt } from "../../read";
import { resourceRule } from "../../rule";
import { judged, notApplicable, violation } from "../../verdict";

export const colourServiceSelects = resourceRule({
  name: "colour-service-selects",
  topic: "kubernetes",
  displayName: "A colour's Service leads to its own pods",
  description:
    "The Service of a colour selects the pods of its component and colour, and nobody but the track declares the Service that it switches.",
  severity: "critical",
  ids: ["STO-066", "STO-068", "RET-065", "CAS-001", "CAS-056"],
  conflicts: [5],
  remediationSteps:
    "Declare spec.selector with app, the component, and deployment, the colour; leave the active Service to the track.",
  types: [kubernetes.service],
  evaluate(service) {
    const name = objectName(service);
    if (activeServicesIn(namespaceOf(service)).includes(name))
      return judged([
        violation(
          service.urn,
          `metadata.name must not be ${name}: the track makes that Service, and switches it`,
        ),
      ]);
    const side = switchedSide(name);
    if (!side) return notApplicable("it is no colour's");
    const wanted = { app: side.component.name, deployment: side.colour };
    const selector = mapAt(service, "spec.selector");
    const labels = new Set([...Object.keys(wanted), ...Object.keys(selector)]);
    return judged(
      judgeEach(
        [...labels],
        () => service.urn,
        (label) => {
          const path = `spec.selector.${label}`;
          const value = wanted[label as keyof typeof wanted];
          const found = selector[label];
          if (found === value) return [];
          return [
            value === undefined
              ? violation(service.urn, `${path} must not be declared: app and deployment name the pods`)
              : violation(service.urn, `${path} must be ${value}, found ${describe(found)}`),
          ];
        },
      ),
    );
  },
});
