import type { AppComponent } from "./app-component";

/** Read by the kubelet of the local cluster alone; its schema is in docs/local-cluster.md. */
export const emulatedBackendAnnotation = "local.switchyard.dev/backend";

/** Annotation of a pod template that says what the emulated cluster answers in the program's place; dev only. */
export function emulatedBackendOf(
  { emulatedBackend, port }: AppComponent,
  version: string,
): Record<string, string> {
  const paths = JSON.stringify(emulatedBackend?.paths ?? {}).replaceAll(
    '"$version"',
    JSON.stringify(version),
  );
  const backend = { ports: [port], version, ...emulatedBackend, paths: JSON.parse(paths) as unknown };
  return { [emulatedBackendAnnotation]: JSON.stringify(backend) };
}
