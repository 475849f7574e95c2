import { lstatSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { Looked, LookRequest } from './stat-thread.ts';

/** Entry of the thread that looks at files; imports little, because it starts while a walk goes on. */
parentPort!.on('message', ({ folder, names }: LookRequest) => {
  const looked: Looked = {
    sizes: new Float64Array(names.length),
    times: new BigInt64Array(names.length),
    others: [],
  };
  for (const [at, name] of names.entries()) {
    try {
      const found = lstatSync(Buffer.from(folder + name, 'latin1'), { bigint: true });
      if (!found.isFile()) looked.others.push([at, { isLink: found.isSymbolicLink() }]);
      looked.sizes[at] = Number(found.size);
      looked.times[at] = found.mtimeNs;
    } catch (error) {
      looked.others.push([at, { code: (error as NodeJS.ErrnoException).code ?? 'unknown' }]);
    }
  }
  parentPort!.postMessage(looked, [looked.sizes.buffer, looked.times.buffer]);
});
parentPort!.postMessage('ready');
