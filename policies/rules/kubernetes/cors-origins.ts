import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { textUnder } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { requiredText } from "../../read";
import { violation } from "../../verdict";

const variable = "CORS_ALLOWED_ORIGINS";

export const corsOrigins = clusterRule({
  name: "cors-origins",
  topic: "kubernetes",
  displayName: "Only the system's own pages may call its API",
  description: `${variable} of every colour's backend lists hosts of the system's edge, over HTTPS, and no wildcard.`,
  severity: "high",
  ids: ["STO-052", "CAS-023"],
  remediationSteps: `Declare ${variable} from the hosts of the system's web apps.`,
  judge({ backend }, view) {
    const hosts = new Set(view.ofType(azure.edgeDomain).map((domain) => requiredText(domain, "hostName")));
    return declaredColours(view).flatMap((colour) => {
      const map = objectNamed(view, kubernetes.configMap, colourName(backend, colour));
      // That it is missing is for side-whole to say.
      if (!map) return [];
      return judgeEach(
        [map],
        () => map.urn,
        () =>
          textUnder(map, "data", variable)
            .split(",")
            .filter((origin) => !hosts.has(/^https:\/\/([^/:*]+)$/.exec(origin.trim())?.[1] ?? ""))
            .map(() => violation(map.urn, `data.${variable} must hold https:// and hosts of the edge only`)),
      );
    });
  },
});
