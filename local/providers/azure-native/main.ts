import { serve } from "../server/serve";
import { localEndpoint } from "./local-endpoint";
import { azureNative } from "./provider";

const stateDir = process.env.SWITCHYARD_STATE_DIR;
const provider = azureNative({ findEndpoint: localEndpoint(stateDir), stateDir });

void serve(provider, process.argv.slice(2));
