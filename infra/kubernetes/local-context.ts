/** Context of the local cluster in the kubeconfig that `KUBECONFIG` names, and its identity to the engine. */
export const localContext = "switchyard-dev";
