import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { containersOf, podMakers } from "../../kubernetes/pods";
import { optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

/** Programs that keep data on a disk of the cluster, by the name of their image. */
const databases =
  /(?:^|\/)(?:mongo|mongodb|percona-server-mongodb|postgres|postgresql|mysql|mariadb|redis|valkey)(?:[:@]|$)/;

/** Services whose storage Azure encrypts always, without a property that could switch it off. */
export const dataEncryptedAtRest = clusterRule({
  name: "data-encrypted-at-rest",
  topic: "data",
  displayName: "Data lies encrypted on its disks",
  description:
    "Databases and caches are Azure's services, which encrypt always, and none runs in the cluster; no storage account switches encryption off, and a key of one's own is one of a vault.",
  severity: "critical",
  ids: ["STO-049", "STO-093"],
  conflicts: [19],
  remediationSteps:
    "Use MongoCluster, PostgreSQL and Redis of Azure in place of a container; leave `encryption` of the storage account out or name Microsoft.Storage or a vault's key.",
  judge: (_system, view) => [
    ...judgeEach(view.ofType(...podMakers), ({ urn }) => urn, judgeImages),
    ...judgeEach(view.ofType(azure.storageAccount), ({ urn }) => urn, judgeAccount),
    ...judgeEach(view.ofType(azure.mongoCluster), ({ urn }) => urn, judgeMongo),
  ],
});

function judgeImages(maker: DeclaredResource): readonly Finding[] {
  return containersOf(maker).flatMap((container) => {
    const image = requiredText(maker, `${container}.image`);
    if (!databases.test(image.replace(/@sha256:.*$/, "@"))) return [];
    return [violation(maker.urn, `${container}.image must be no database: its disk would not be encrypted`)];
  });
}

function judgeAccount(account: DeclaredResource): readonly Finding[] {
  return (["blob", "file"] as const)
    .filter((service) => optional(account, `encryption.services.${service}.enabled`) === false)
    .map((service) =>
      violation(account.urn, `encryption.services.${service}.enabled must be true, found false`),
    );
}

/** A key of one's own without the identity that may read it leaves the data unreadable, not encrypted better. */
function judgeMongo(cluster: DeclaredResource): readonly Finding[] {
  const key = optional(cluster, "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl");
  if (key === undefined || String(key).startsWith("https://")) return [];
  return [
    violation(
      cluster.urn,
      "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl must be a key of a vault",
    ),
  ];
}
