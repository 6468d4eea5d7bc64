import { asJson, asText } from "../azure/json";
import { type CloudResource, keyOf, propertiesOf, type Resources } from "../azure/resources";
import type { HearsOf } from "./tables";

/** Which workspace hears of which site, as the cloud's resources connect them. */
export class Workspaces {
  constructor(readonly resources: Resources) {}

  /**
   * @param name customer id or ARM id of a workspace
   * @returns undefined when there is no such workspace
   */
  find(name: string): HearsOf | undefined {
    const workspace = this.resources
      .all("operationalinsights:Workspace")
      .find(
        (candidate) => keyOf(candidate.id) === keyOf(name) || propertiesOf(candidate).customerId === name,
      );
    if (workspace === undefined) return undefined;
    const components = this.resources
      .all("applicationinsights:Component")
      .filter(
        (component) => keyOf(String(propertiesOf(component).WorkspaceResourceId)) === keyOf(workspace.id),
      );
    const settings = new Map(
      this.resources
        .all("web:WebAppApplicationSettings", "web:WebAppApplicationSettingsSlot")
        .map((resource) => [keyOf(resource.id).replace(/\/config\/appsettings$/, ""), resource]),
    );
    const isHeard = (siteId: string) =>
      components.some((component) => isTold(component, keyOf(siteId), settings.get(keyOf(siteId))));
    // A query asks it of every row.
    const heard = new Map<string, boolean>();
    return (siteId) => {
      const known = heard.get(siteId) ?? isHeard(siteId);
      heard.set(siteId, known);
      return known;
    };
  }
}

/** By the key that the site's settings name; a reference to a vault says none, then by the group that both are in. */
function isTold(component: CloudResource, siteKey: string, settings: CloudResource | undefined): boolean {
  const values = settings === undefined ? {} : propertiesOf(settings);
  const connection =
    asText(asJson(values).APPLICATIONINSIGHTS_CONNECTION_STRING) ??
    asText(asJson(values).APPINSIGHTS_INSTRUMENTATIONKEY);
  const key = String(propertiesOf(component).InstrumentationKey);
  if (connection !== undefined && !connection.startsWith("@Microsoft.KeyVault"))
    return connection.includes(key);
  return groupOf(keyOf(component.id)) === groupOf(siteKey);
}

function groupOf(id: string): string {
  return /\/resourcegroups\/[^/]+/.exec(id)?.[0] ?? "";
}
