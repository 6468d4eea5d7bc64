import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { type ClusterSystem, colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { describe, requiredText } from "../../read";
import type { StackView, SystemView } from "../../stack-view";
import { violation } from "../../verdict";

/** Digest of an image that the owner has yet to name: its repository is not told. */
const notGiven = /@sha256:0{64}$/;

export const imageOfRegistry = clusterRule({
  name: "image-of-registry",
  topic: "kubernetes",
  displayName: "One registry holds what runs",
  description:
    "The images of a system's components come from one registry, the stack's own where it has one, each from the repository that the runbook names.",
  severity: "high",
  ids: ["RET-050", "RET-051", "RET-053", "RET-055", "CAS-044"],
  remediationSteps: "Push the image to the repository of its component in the platform's registry.",
  judge(system, view, stack) {
    const images = imagesOf(system, view);
    const [first] = images;
    if (!first) return [];
    const own = ownRegistry(stack);
    return judgeEach(
      images,
      ({ deployment }) => deployment.urn,
      ({ deployment, path, image, component }) => {
        const host = hostOf(image);
        // That it names no registry is for image-by-digest to say.
        if (!host.includes(".")) return [];
        // What ends in .invalid is nobody's (RFC 6761): it stands where the owner's images will.
        if (own !== undefined && !host.endsWith(".invalid") && host !== own)
          return [violation(deployment.urn, `${path} must be of the registry ${own}`)];
        if (host !== hostOf(first.image))
          return [violation(deployment.urn, `${path} must be of the same registry as the other components'`)];
        const repository = image.slice(host.length + 1).replace(/[:@].*$/, "");
        const wanted = system.repositories.find((name) => name === component);
        if (wanted === undefined || notGiven.test(image) || repository.split("/").at(-1) === wanted)
          return [];
        return [
          violation(
            deployment.urn,
            `${path} must be of the repository ${wanted}, found ${describe(repository)}`,
          ),
        ];
      },
    );
  },
});

function imagesOf({ components }: ClusterSystem, view: SystemView) {
  return declaredColours(view).flatMap((colour) =>
    components.flatMap(({ name }) => {
      // That one is missing is for side-whole to say.
      const deployment = objectNamed(view, kubernetes.deployment, colourName(name, colour));
      if (!deployment) return [];
      const path = podPath(deployment, "spec.containers.0.image");
      return [{ deployment, path, image: requiredText(deployment, path), component: name }];
    }),
  );
}

function hostOf(image: string): string {
  return image.slice(0, Math.max(image.indexOf("/"), 0));
}

function ownRegistry(stack: StackView): string | undefined {
  const [registry] = stack.ofType(azure.containerRegistry);
  return registry && `${requiredText(registry, "registryName")}.azurecr.io`;
}
