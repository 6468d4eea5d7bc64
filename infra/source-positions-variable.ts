/** Names the file that a run of the program writes its source positions to; unset: none is written. */
export const positionsVariable = "SWITCHYARD_SOURCE_POSITIONS";
