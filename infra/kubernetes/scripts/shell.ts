import { reportFile } from "../task-report";

/** argv of a script that ends at its first failure. */
export function shell(...lines: readonly string[]): readonly string[] {
  return ["/bin/sh", "-euc", lines.join("\n")];
}

/** The pod's name without its random end is the Job's, and that is the one recorded name (conflicts 53 and 73). */
export const jobName = `name="\${HOSTNAME%-*}"`;

/** Variable by which the release names a backup. */
export const backupGiven = `: "\${BACKUP_NAME:?the release names the backup to restore}"`;

/** @param url of blobs, in which variables of the shell are filled */
export function upload(file: string, url: string): string {
  return `azcopy copy "${file}" "${url}" --from-to=LocalBlob --put-md5 --overwrite=false`;
}

export function download(url: string, file: string): string {
  return `azcopy copy "${url}" "${file}" --from-to=BlobLocal --check-md5=FailIfDifferent`;
}

/**
 * Reports what the storage lists, which is what was written: an upload that was skipped because something of that name
 * was there already shows as another size.
 *
 * @param file the size of this file is demanded; without one any
 */
export function reportStored(url: string, file?: string): readonly string[] {
  return [
    `azcopy list "${url}" --running-tally --machine-readable > /scratch/listed`,
    `files="$(sed -n 's/.*File count: \\([0-9][0-9]*\\).*/\\1/p' /scratch/listed | tail -n 1)"`,
    `bytes="$(sed -n 's/.*Total file size: \\([0-9][0-9]*\\).*/\\1/p' /scratch/listed | tail -n 1)"`,
    ...(file === undefined
      ? []
      : [
          `if [ "$bytes" != "$(wc -c < "${file}" | tr -d ' ')" ]; then echo "the storage holds \${bytes:-no} bytes of $name, which is not what was written" >&2; exit 1; fi`,
        ]),
    `printf '{"bytes":%s,"files":%s}' "\${bytes:-0}" "\${files:-0}" > ${reportFile}`,
  ];
}
