import { colours } from "../../../runbooks/target";
import { judgeEach } from "../../decide";
import { activeServicesIn, switchedSide } from "../../kubernetes/cluster-systems";
import { colourTracksIn } from "../../kubernetes/declared-sides";
import { namespaceOf, objectName } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, listAt, objectsAt, optional, optionalText, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

const preview = "-preview";
const previewHost = new RegExp(`^(?:[a-z0-9-]+-)?(${colours.join("|")})\\.preview\\.`);

/** Filters that change a request and leave it where the backend says. */
const harmlessFilters: ReadonlySet<unknown> = new Set([
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "URLRewrite",
]);

export const routeByTrack = stackRule({
  name: "route-by-track",
  topic: "kubernetes",
  displayName: "No route moves traffic past the track",
  description:
    "A route sends everything to the one Service that a track switches, a preview's to its own colour; no other route has the name or a host of one whose weights a track moves.",
  severity: "critical",
  ids: ["STO-066", "STO-068", "RET-065", "CAS-001"],
  conflicts: [5],
  remediationSteps:
    "Name the track's active Service as the one backend of each rule, without a weight; a preview NAME-COLOUR-preview names NAME-COLOUR and has the host COLOUR.preview.… or NAME-COLOUR.preview.….",
  presence: kubernetes.httpRoute,
  evaluate: (stack) =>
    judged(
      judgeEach(
        stack.ofType(kubernetes.httpRoute),
        (route) => route.urn,
        (route) => judgeRoute(stack, route),
      ),
    ),
});

function judgeRoute(stack: StackView, route: DeclaredResource): readonly Finding[] {
  const tracks = colourTracksIn(stack, namespaceOf(route));
  const name = objectName(route);
  const side = name.endsWith(preview) ? switchedSide(name.slice(0, -preview.length)) : undefined;
  const services = side ? [name.slice(0, -preview.length)] : activeServicesIn(namespaceOf(route));
  return judgeEach(
    [
      () => judgeName(route, tracks),
      () => judgeHosts(route, tracks, side?.colour),
      () => judgeRules(route, services),
    ],
    () => route.urn,
    (judge) => judge(),
  );
}

/** The track makes that route itself, and the release moves its weights: a second owner would set them back. */
function judgeName(route: DeclaredResource, tracks: readonly DeclaredResource[]): readonly Finding[] {
  const taken = tracks.some((track) => optionalText(track, "target.route") === objectName(route));
  return taken
    ? [violation(route.urn, "metadata.name must not be that of the route that a track makes")]
    : [];
}

function judgeHosts(
  route: DeclaredResource,
  tracks: readonly DeclaredResource[],
  colour: string | undefined,
): readonly Finding[] {
  const weighted = new Set(tracks.flatMap((track) => listAt(track, "target.hostnames")));
  return listAt(route, "spec.hostnames").flatMap((host, index) => {
    const path = `spec.hostnames.${index}`;
    if (weighted.has(host))
      return [violation(route.urn, `${path} must not be a host whose weights a track moves`)];
    const ofPreview = previewHost.exec(String(host))?.[1];
    if (ofPreview === colour) return [];
    return [
      violation(
        route.urn,
        colour === undefined
          ? `${path} must not be a preview's: its requests are not for the side that is live`
          : `${path} must be one of ${colour}'s preview`,
      ),
    ];
  });
}

function judgeRules(route: DeclaredResource, services: readonly string[]): readonly Finding[] {
  required(route, "spec.rules.0");
  return judgeEach(
    [...objectsAt(route, "spec.rules").keys()].map((index) => `spec.rules.${index}`),
    () => route.urn,
    (rule) => {
      const backends = objectsAt(route, `${rule}.backendRefs`);
      if (backends.length !== 1)
        return [violation(route.urn, `${rule}.backendRefs must hold one, found ${backends.length}`)];
      const backend = `${rule}.backendRefs.0`;
      return [
        ...judgeBackend(route, backend, services),
        ...[rule, backend].flatMap((holder) => judgeFilters(route, holder)),
      ];
    },
  );
}

function judgeBackend(
  route: DeclaredResource,
  backend: string,
  services: readonly string[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const service = requiredText(route, `${backend}.name`);
  if (!services.includes(service))
    findings.push(
      violation(
        route.urn,
        `${backend}.name must be ${services.join(" or ") || "a Service that a track switches"}, found ${describe(service)}`,
      ),
    );
  const weight = optional(route, `${backend}.weight`) ?? 1;
  if (weight !== 1)
    findings.push(violation(route.urn, `${backend}.weight must be 1 or absent, found ${describe(weight)}`));
  return findings;
}

/** A mirror, a redirect and an extension send a request elsewhere than to the backend. */
function judgeFilters(route: DeclaredResource, holder: string): readonly Finding[] {
  return objectsAt(route, `${holder}.filters`).flatMap(({ type }, index) =>
    harmlessFilters.has(type)
      ? []
      : [violation(route.urn, `${holder}.filters.${index}.type must not be ${describe(type)}`)],
  );
}
