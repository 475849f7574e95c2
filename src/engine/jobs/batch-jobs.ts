import type { Batch, Job } from '../../shared/contract/index.ts';

/** Jobs whose subject is a batch. */
export const batchJobs = ['classify', 'evaluate', 'folds'] as const satisfies Job['kind'][];

const kinds = { folder: 'classify', 'test-set': 'evaluate', folds: 'folds' } as const;

/** The job that brings a batch of that kind to its end. */
export const batchJobOf = (kind: Batch['kind']): (typeof batchJobs)[number] => kinds[kind];
