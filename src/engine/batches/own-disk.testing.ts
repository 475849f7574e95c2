import { spawnSync } from 'node:child_process';

/** Runs what follows in a name space where it is root and may mount a disk of its own. */
export const ownDisk = ['unshare', '--user', '--map-root-user', '--mount'];

/** Whether this process may do so. */
export const mayMount =
  process.platform === 'linux' &&
  spawnSync(ownDisk[0]!, [...ownDisk.slice(1), 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt'], {
    stdio: 'ignore',
  }).status === 0;
