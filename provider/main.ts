import { serve } from "../plugin-server/serve";
import { StackGuard } from "./guard";
import { switchyardProvider } from "./provider";

const guard = new StackGuard(process.env);

void serve(switchyardProvider(process.env, guard), guard, process.argv.slice(2));
