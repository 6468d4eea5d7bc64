export type { Colour, Observation, ServicePort, Target } from "../../runbooks/target";
export { type ObserveArgs, observe } from "./observe";
export { Track, type TrackArgs } from "./track";
