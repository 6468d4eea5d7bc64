import { RecordSet } from "@pulumi/azure-native/dns/recordSet";
import { Zone } from "@pulumi/azure-native/dns/zone";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";
import { childOf, guardedChildOf } from "./component";

/** A record that must exist, whoever owns the zone. */
export interface DnsRecord {
  /** Full host name. */
  readonly host: string;
  readonly type: "CNAME" | "TXT";
  readonly value: pulumi.Input<string>;
}

export interface DnsRecordsArgs extends Placement {
  readonly zoneName: string;
  readonly records: readonly DnsRecord[];
}

/** Seconds. Short, because a host is moved by its record and every client waits this long. */
const timeToLiveSeconds = 300;

/** A DNS zone of the stack's own with its records. */
export class DnsRecords extends pulumi.ComponentResource {
  readonly nameServers: pulumi.Output<string[]>;
  readonly recordSets: readonly RecordSet[];

  constructor(name: string, args: DnsRecordsArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:DnsRecords", name, {}, options);
    const { resourceGroupName, zoneName } = args;
    const zone = new Zone(
      `${name}-zone`,
      { resourceGroupName, location: "global", zoneName, zoneType: "Public", tags: args.tags },
      // Its name servers stand at the registrar: a new zone of the same name would have others.
      guardedChildOf(this, args),
    );
    this.nameServers = zone.nameServers;
    this.recordSets = args.records.map(({ host, type, value }) => {
      const relative = relativeName(host, zoneName);
      return new RecordSet(
        `${name}-${relative}-${type.toLowerCase()}`,
        {
          resourceGroupName,
          zoneName,
          relativeRecordSetName: relative,
          recordType: type,
          ttl: timeToLiveSeconds,
          ...(type === "CNAME" ? { cnameRecord: { cname: value } } : { txtRecords: [{ value: [value] }] }),
        },
        childOf(this, [zone]),
      );
    });
    this.registerOutputs();
  }
}

/**
 * A host's name within a zone: `api` of `api.kirana.io` in `kirana.io`.
 * @throws Error when the host does not lie in the zone
 */
export function relativeName(host: string, zoneName: string): string {
  const ending = `.${zoneName}`;
  if (!host.endsWith(ending)) throw new Error(`${host} does not lie in the zone ${zoneName}`);
  return host.slice(0, -ending.length);
}
