import { expect, it } from 'vitest';
import { distances } from './trainer.testing.ts';

it('after 200 steps, the last of an epoch smaller, has the weights that the operations have', async () => {
  for (const { name, distance } of await distances({ pooling: 'average' }, 2))
    expect(distance, name).toBeLessThan(1e-4);
});
