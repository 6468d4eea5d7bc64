import { languagesOfZod, loadAtFirstUse } from "./at-first-use";

// Before anything else is loaded: together a third of what the start of a command takes.
loadAtFirstUse(languagesOfZod);
/** Requests to the cluster's API, which most commands do not make. */
loadAtFirstUse(/^undici$/);
