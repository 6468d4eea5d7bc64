import { serve } from "../server/serve";
import { randomProvider } from "./provider";

void serve(randomProvider, process.argv.slice(2));
