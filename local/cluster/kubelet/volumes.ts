import { type ApiClient, type ApiObject, isConflict, isNotFound } from "../api-client";

/** Provisioner of the volumes that are made here; they hold nothing. */
const provisioner = "local.switchyard.dev";

export interface VolumeClaim extends ApiObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
}

/** Gives each claim with a storage class an empty volume, as a provisioner would; the controller binds the two. */
export async function provideVolume(api: ApiClient, claim: VolumeClaim): Promise<void> {
  const { storageClassName, volumeName, accessModes, volumeMode, resources } = claim.spec;
  if (!storageClassName || volumeName) return;
  const { namespace, name, uid } = claim.metadata;
  const volume = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeOf(claim), annotations: { "pv.kubernetes.io/provisioned-by": provisioner } },
    spec: {
      storageClassName,
      accessModes,
      ...(volumeMode === undefined ? {} : { volumeMode }),
      capacity: { storage: resources?.requests?.storage ?? "1Gi" },
      // Its end is the provisioner's work, which is done below: the controller knows no driver that could.
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
      csi: { driver: provisioner, volumeHandle: uid },
    },
  };
  await api.call("POST", "/api/v1/persistentvolumes", { body: volume }).catch((error: unknown) => {
    if (!isConflict(error)) throw error;
  });
}

export async function removeVolume(api: ApiClient, claim: VolumeClaim): Promise<void> {
  await api.call("DELETE", `/api/v1/persistentvolumes/${volumeOf(claim)}`).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

function volumeOf({ metadata }: VolumeClaim): string {
  return `pvc-${metadata.uid}`;
}
