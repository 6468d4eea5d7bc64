import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { namespaceOf, objectName } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, objectsAt, optional, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const gatewayCertificateRenewed = stackRule({
  name: "gateway-certificate-renewed",
  topic: "cluster",
  displayName: "The gateway's certificate never runs out",
  description:
    "Each certificate of a gateway is made by a Certificate of cert-manager, with an issuer of the stack and a new key at every renewal.",
  severity: "high",
  ids: ["RET-107"],
  framework: benchmark("DP-7"),
  remediationSteps:
    "Declare a Certificate with the listener's secretName, an issuerRef to the stack's issuer and privateKey.rotationPolicy Always.",
  presence: kubernetes.gateway,
  evaluate(stack) {
    // The workstation's script makes it there: no authority issues one for a name of dev.
    if (stack.environment === "dev") return notApplicable("no authority could issue dev's certificate");
    return judged(
      judgeEach(
        stack.ofType(kubernetes.gateway),
        ({ urn }) => urn,
        (gateway) => judgeGateway(gateway, stack),
      ),
    );
  },
});

function judgeGateway(gateway: DeclaredResource, stack: StackView): readonly Finding[] {
  const namespace = namespaceOf(gateway);
  required(gateway, "spec.listeners");
  const secrets = objectsAt(gateway, "spec.listeners").flatMap((_listener, index) =>
    objectsAt(gateway, `spec.listeners.${index}.tls.certificateRefs`).map((_reference, position) =>
      requiredText(gateway, `spec.listeners.${index}.tls.certificateRefs.${position}.name`),
    ),
  );
  return judgeEach(
    secrets,
    () => gateway.urn,
    (secret) => {
      const certificate = stack
        .ofType(kubernetes.certificate)
        .find(
          (candidate) =>
            namespaceOf(candidate) === namespace && requiredText(candidate, "spec.secretName") === secret,
        );
      if (!certificate) return [violation(gateway.urn, `no Certificate makes its secret ${secret}`)];
      return judgeEach(
        [certificate],
        ({ urn }) => urn,
        (each) => judgeCertificate(each, stack),
      );
    },
  );
}

function judgeCertificate(certificate: DeclaredResource, stack: StackView): readonly Finding[] {
  const findings: Finding[] = [];
  const kind = requiredText(certificate, "spec.issuerRef.kind");
  const name = requiredText(certificate, "spec.issuerRef.name");
  const issuers = stack.ofType(kind === "ClusterIssuer" ? kubernetes.clusterIssuer : kubernetes.issuer);
  if (!issuers.some((issuer) => objectName(issuer) === name))
    findings.push(violation(certificate.urn, `spec.issuerRef must be an issuer of the stack, found ${name}`));
  const rotation = optional(certificate, "spec.privateKey.rotationPolicy");
  if (rotation !== "Always")
    findings.push(
      violation(
        certificate.urn,
        `spec.privateKey.rotationPolicy must be "Always", found ${describe(rotation)}`,
      ),
    );
  return findings;
}
