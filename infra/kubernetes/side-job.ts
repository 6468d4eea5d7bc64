import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob";
import type * as pulumi from "@pulumi/pulumi";
import type { SideBlock } from "../../runbooks/sides";
import type { Colour } from "../../runbooks/target";
import type { AppComponent } from "./app-component";
import { cronJobSpec, type JobArgs } from "./job-spec";
import { colourLabel, colourName, labelsOf } from "./labels";
import { objectOf } from "./options";
import { secretKeysOf, sideAnnotations } from "./pod-template";

/** A job that runs with the image, configuration and secrets of one side's component: a migration, its check. */
export interface SideJob extends JobArgs {
  /** CronJob `NAME-COLOUR`. */
  readonly name: string;
  /** Component whose image it runs. */
  readonly component: string;
}

interface SideJobArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: string;
  readonly job: SideJob;
  readonly component: AppComponent;
  readonly colour: Colour;
  readonly block: SideBlock;
  readonly unchanged: boolean;
}

/**
 * Declares the job of one colour. Its pods' label `app` is the component's, whose network policy they need; without a
 * colour's label no Service takes them for pods of the side.
 */
export function declareSideJob(
  { system, environment, namespace, job, component, colour, block, unchanged }: SideJobArgs,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): void {
  const objectName = colourName(job.name, colour);
  const common = labelsOf({ system, environment, component: component.name });
  const labels = { ...common, "app.kubernetes.io/name": job.name };
  new CronJob(
    `${system}-${objectName}`,
    {
      metadata: {
        name: objectName,
        namespace,
        labels: { ...labels, [colourLabel]: colour },
        annotations: sideAnnotations(block),
      },
      spec: cronJobSpec(job, {
        containerName: job.name,
        image: block.images[component.name]!,
        serviceAccountName: component.name,
        labels,
        annotations: sideAnnotations(block),
        usesIdentity: component.identityClientId !== undefined,
        configMaps: [colourName(component.name, colour)],
        secretKeys: secretKeysOf(component, colour),
        ...(component.secrets && { secretProviderClass: colourName(component.name, colour) }),
      }),
    },
    objectOf(parent, { dependsOn, ignoreChanges: unchanged ? ["spec.jobTemplate"] : [] }),
  );
}
