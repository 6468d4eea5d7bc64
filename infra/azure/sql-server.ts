import { ExtendedServerBlobAuditingPolicy } from "@pulumi/azure-native/sql/extendedServerBlobAuditingPolicy";
import { Server } from "@pulumi/azure-native/sql/server";
import { ServerAzureADAdministrator } from "@pulumi/azure-native/sql/serverAzureADAdministrator";
import { ServerAzureADOnlyAuthentication } from "@pulumi/azure-native/sql/serverAzureADOnlyAuthentication";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { classified, type Placement } from "../placement";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { type PrivateAccess, PrivateEndpoint } from "./private-endpoint";

export interface SqlServerArgs extends Placement {
  readonly serverName: string;
  readonly tenantId: string;
  readonly administratorLogin: string;
  /** A secret. */
  readonly administratorPassword: pulumi.Input<string>;
  /** Whose members administer the server: a group of Entra. */
  readonly administratorGroup: { readonly objectId: string; readonly name: string };
  /** Whether the login with a password is refused, and only identities of Entra sign in. */
  readonly entraOnly: boolean;
  readonly minimumTlsVersion: "1.2" | "1.3";
  readonly workspaceId: string;
  readonly endpointName: string;
  readonly access: PrivateAccess;
}

/** What is audited: who signed in, who failed to, and every batch (Azure's own default, written down). */
const auditedActions = [
  "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP",
  "FAILED_DATABASE_AUTHENTICATION_GROUP",
  "BATCH_COMPLETED_GROUP",
];

/**
 * An Azure SQL server without a public address, audited into the workspace. It carries no lock itself: its databases do
 * (docs/adr/0154).
 */
export class SqlServer extends pulumi.ComponentResource {
  readonly serverId: string;
  readonly server: Server;
  /** Known before the server exists. */
  readonly host: string;
  /** The last thing that is made before databases: the server works on one change at a time. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: SqlServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SqlServer", name, {}, options);
    this.serverId = armId(args, "Microsoft.Sql/servers", args.serverName);
    this.host = `${args.serverName}.database.windows.net`;
    this.server = this.declareServer(name, args);
    this.ready = this.declareSignIn(name, args);
    this.declareAudit(name, args);
    new PrivateEndpoint(
      `${name}-private`,
      { ...args, service: "sql", targetId: this.serverId },
      { parent: this, dependsOn: [this.ready] },
    );
    this.registerOutputs({ serverId: this.serverId });
  }

  private declareServer(name: string, args: SqlServerArgs): Server {
    return new Server(
      `${name}-server`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        serverName: args.serverName,
        version: "12.0",
        administratorLogin: args.administratorLogin,
        administratorLoginPassword: pulumi.secret(args.administratorPassword),
        // With it the server asks Entra who a user is.
        identity: { type: "SystemAssigned" },
        minimalTlsVersion: args.minimumTlsVersion,
        publicNetworkAccess: "Disabled",
        restrictOutboundNetworkAccess: "Disabled",
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
  }

  private declareSignIn(name: string, args: SqlServerArgs): pulumi.Resource {
    const { resourceGroupName, serverName, administratorGroup } = args;
    const administrator = new ServerAzureADAdministrator(
      `${name}-administrator`,
      {
        resourceGroupName,
        serverName,
        administratorName: "ActiveDirectory",
        administratorType: "ActiveDirectory",
        login: administratorGroup.name,
        sid: administratorGroup.objectId,
        tenantId: args.tenantId,
      },
      childOf(this, [this.server]),
    );
    return new ServerAzureADOnlyAuthentication(
      `${name}-sign-in`,
      {
        resourceGroupName,
        serverName,
        authenticationName: "Default",
        azureADOnlyAuthentication: args.entraOnly,
      },
      childOf(this, [administrator]),
    );
  }

  /** The audit of a server arrives at a setting of its database `master`. */
  private declareAudit(name: string, args: SqlServerArgs): void {
    const { resourceGroupName, serverName, workspaceId } = args;
    const audit = new ExtendedServerBlobAuditingPolicy(
      `${name}-audit`,
      {
        resourceGroupName,
        serverName,
        blobAuditingPolicyName: "default",
        state: "Enabled",
        isAzureMonitorTargetEnabled: true,
        auditActionsAndGroups: auditedActions,
      },
      childOf(this, [this.ready]),
    );
    sendDiagnostics(
      `${name}-audit-diagnostics`,
      {
        resourceUri: armId(args, "Microsoft.Sql/servers/databases", serverName, "master"),
        workspaceId,
        logs: [{ category: "SQLSecurityAuditEvents" }],
      },
      this,
      [audit],
    );
  }
}
