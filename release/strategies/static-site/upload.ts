import { bearer } from "../../clients/bearer";
import { jsonOf } from "../../clients/http";
import type { Surroundings } from "../../clients/surroundings";
import { mapAt } from "../../targets/json";
import { UserError } from "../../user-error";
import { appServiceOf, asking, siteAddress } from "../slots/app-service";
import type { SitePackage } from "../slots/package";
import { readableByAzure } from "./readable-by-azure";

/** A package whose bytes were held against its digest. */
export interface CheckedPackage {
  readonly component: SitePackage;
  readonly bytes: Buffer;
  readonly version: string;
}

/** Puts a package on a static site; what was there before is gone then. */
export interface StaticSiteUpload {
  /** @throws UserError for a package that this way cannot take, before anything is changed */
  accept(component: SitePackage): void;
  upload(checked: CheckedPackage): Promise<void>;
}

const uploadSeconds = 600;

/** On dev by the front's own door; on Azure by the ARM call that fetches a zip from an address. */
export function uploadTo(siteId: string, host: string, surroundings: Surroundings): StaticSiteUpload {
  return surroundings.environment === "dev" ? byFront(host, surroundings) : byAddress(siteId, surroundings);
}

function byFront(host: string, surroundings: Surroundings): StaticSiteUpload {
  return {
    accept() {},
    async upload({ bytes }) {
      const url = new URL("/api/deploy?type=zip", host);
      const headers = {
        authorization: `Bearer ${await bearer(surroundings, "arm")}`,
        "content-type": "application/octet-stream",
      };
      const answer = await surroundings.fetchHttp({
        method: "POST",
        url,
        headers,
        body: bytes,
        timeoutMilliseconds: uploadSeconds * 1000,
      });
      if (answer.status === 200) return;
      const said = mapAt(jsonOf(answer)).Message ?? `status ${answer.status}`;
      throw new UserError(`${url.host} refused the package: ${String(said)}`, {
        retriable: answer.status >= 429,
      });
    },
  };
}

function byAddress(siteId: string, surroundings: Surroundings): StaticSiteUpload {
  const address = siteAddress(siteId);
  return {
    accept({ package: place }) {
      if (place.startsWith("https://")) return;
      throw new UserError(`Azure fetches the package of a static site itself, and cannot reach ${place}`, {
        mend: "put it into the storage account of the packages, and name it by its https: address",
      });
    },
    async upload({ component, version }) {
      const client = appServiceOf(address, surroundings);
      const { resourceGroup, name } = address;
      const appZipUrl = await readableByAzure(component.package, surroundings.outside.login, new Date());
      const deployment = { appZipUrl, deploymentTitle: version, provider: "Switchyard" };
      await asking(
        `the deployment to ${name}`,
        async (abortSignal) => {
          const { staticSites } = client;
          await staticSites.createZipDeploymentForStaticSite(resourceGroup, name, deployment, {
            abortSignal,
          });
        },
        { seconds: uploadSeconds },
      );
    },
  };
}
