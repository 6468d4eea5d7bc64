import { serve } from "../../../plugin-server/serve";
import { LocalGuard } from "../guard";
import { randomProvider } from "./provider";

void serve(randomProvider, new LocalGuard(process.env), process.argv.slice(2));
