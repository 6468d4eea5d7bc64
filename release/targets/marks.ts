/** Labels, annotations and writers' names by which the program, the track and the release know each other's work. */

/** Label of pods, and key in the active Service's selector, whose value is the colour (RET-069). */
export const colourLabel = "deployment";

/**
 * On the active Service or HTTPRoute: `COLOUR@RELEASE`, the side that a release keeps for a rollback until it is
 * finished. Written and removed by the release.
 */
export const retainedAnnotation = "switchyard.dev/retained";

/** On the active Service or HTTPRoute: the `Track` that made it, `SYSTEM`. */
export const trackAnnotation = "switchyard.dev/track";

/** Field manager of everything that a track or a release writes: traffic, and replicas by the scale subresource. */
export const releaseFieldManager = "switchyard-release";
