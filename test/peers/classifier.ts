import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sampleCard } from '../../src/engine/api/test-support.ts';
import { exportBatch } from '../../src/engine/batches/export.ts';
import { addFolderBatch } from '../../src/engine/batches/ledger.ts';
import { runBatch } from '../../src/engine/batches/runner.ts';
import type { BatchOptions } from '../../src/engine/batches/options.ts';
import { ComputeProcess } from '../../src/engine/compute/client.ts';
import { ReaderPool } from '../../src/engine/images/reader-pool.ts';
import { initialWeights } from '../../src/engine/models/initialise.ts';
import { writeModel } from '../../src/engine/models/store.ts';
import { addModel } from '../../src/engine/project/models.ts';
import { createProject } from '../../src/engine/project/store.ts';
import { defaultParameters, defaultRecipe, TILE_BYTES } from '../../src/shared/domain.ts';
import { lenet5 } from '../../src/shared/models/family/lenet5.ts';

export interface RunFigures {
  files: number;
  /** From the batch's first row to the closed CSV. */
  seconds: number;
  /** Until the first progress, and until the first results are in the ledger, in milliseconds. */
  firstProgress: number;
  firstResult: number;
  /** Most resident memory of the engine's own process, in MB. */
  memoryMB: number;
  /** Share of all cores' time that its processes computed. */
  busy: number;
  /** Time that its processes computed per file, in microseconds. */
  cpuPerFile: number;
}

const MODEL = 'bench';

/** The engine's parts as it puts them together, over a new project for every folder. */
export class Classifier {
  readonly #home: string;
  readonly #compute = new ComputeProcess();
  readonly #reader = new ReaderPool();
  #runs = 0;

  constructor(home: string) {
    this.#home = home;
  }

  /** `before`: a folder that the project has classified already. */
  async run(folder: string, before?: string): Promise<RunFigures> {
    const place = path.join(this.#home, `project ${this.#runs++}`);
    const project = createProject(place, 'bench');
    const { db } = project;
    try {
      const architecture = lenet5({ ...defaultParameters, pooling: 'average' });
      const modelFolder = project.modelFolder(MODEL);
      const weights = initialWeights(architecture, 1);
      await writeModel(modelFolder, { card: sampleCard(), architecture, weights });
      // As the peer's model, it is loaded when the clock starts.
      await this.#compute.classify(modelFolder, new Uint8Array(TILE_BYTES));
      const modelId = addModel(db, sampleCard(), MODEL, null);
      const classify = (
        source: string,
        onProgress?: BatchOptions['onProgress'],
      ): ReturnType<typeof runBatch> => {
        const [name, recipe] = ['bench', defaultRecipe];
        batchId = addFolderBatch(db, { name, source, root: Buffer.from(source), modelId, recipe });
        return runBatch({
          db,
          batchId,
          compute: this.#compute,
          reader: this.#reader,
          modelFolder,
          recipe,
          onProgress,
        });
      };
      let batchId = 0;
      if (before !== undefined) await classify(before);
      const [pids, cpu] = [this.#pids, this.#cpuSeconds];
      let [firstProgress, firstResult, memory] = [0, 0, 0];
      const watch = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 100);
      const began = performance.now();
      const counts = await classify(folder, ({ done }) => {
        firstProgress ||= performance.now() - began;
        if (done > 0) firstResult ||= performance.now() - began;
      });
      await exportBatch(db, batchId, path.join(this.#home, 'results.csv'), 'csv');
      const seconds = (performance.now() - began) / 1000;
      clearInterval(watch);
      if (counts.done !== counts.total) throw new Error(`${counts.done} of ${counts.total} were read`);
      // Of processes that have just started, their start is in it.
      const computed = this.#cpuSeconds - (this.#pids.join() === pids.join() ? cpu : 0);
      return {
        files: counts.total,
        seconds,
        firstProgress,
        firstResult,
        memoryMB: memory / 1e6,
        cpuPerFile: (computed / counts.total) * 1e6,
        busy: computed / (seconds * os.availableParallelism()),
      };
    } finally {
      project.close();
      fs.rmSync(place, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#compute.close(), this.#reader.close()]);
  }

  get #pids(): number[] {
    return [process.pid, ...this.#reader.pids, ...(this.#compute.pid ? [this.#compute.pid] : [])];
  }

  /** Of all its processes so far, as Linux counts it: in hundredths. */
  get #cpuSeconds(): number {
    return this.#pids.reduce((sum, pid) => {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) / 100;
    }, 0);
  }
}
