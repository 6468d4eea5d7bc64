import { serve } from "../../../plugin-server/serve";
import { LocalGuard } from "../guard";
import { localEndpoint } from "./local-endpoint";
import { azureNative } from "./provider";

const stateDir = process.env.SWITCHYARD_STATE_DIR;
const provider = azureNative({ findEndpoint: localEndpoint(stateDir), stateDir });

void serve(provider, new LocalGuard(process.env), process.argv.slice(2));
