/** Range of the addresses of Services. */
export const serviceRange = "10.96.0.0/16";
/** First address of the range: the API server's own Service, `kubernetes`, has it. */
export const apiServiceAddress = "10.96.0.1";
