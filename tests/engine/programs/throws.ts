import { registerCheaply } from "../../../infra/registration";

registerCheaply();

throw new Error("the program has a fault");
