import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { Egress } from "../../kubernetes/app-component";

/** Private addresses (RFC 1918): databases and cache have one within the network. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const everywhere = ["0.0.0.0/0"];
/** Of Azure DocumentDB: the address that its SRV record gives, and MongoDB's own (Microsoft Learn). */
const documentsPorts = [10_260, 27_017];
/** Of Azure Managed Redis. */
const cachePort = 10_000;

/** Azure's services, PayPal and whatever else has no fixed address, over HTTPS. */
export const overHttps: Egress = { ranges: everywhere, ports: [443] };
export const toMail: Egress = { ranges: everywhere, ports: [Number(contract.plainVariables.SMTP_PORT)] };
export const toDocuments: Egress = { ranges: privateRanges, ports: documentsPorts };
export const toCache: Egress = { ranges: privateRanges, ports: [cachePort] };
export const toRelational: Egress = { ranges: privateRanges, ports: [contract.relational.port] };
export const toSearch: Egress = { toComponent: contract.search.name, ports: [contract.search.port] };
