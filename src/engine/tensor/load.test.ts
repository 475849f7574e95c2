import { describe, expect, it } from 'vitest';
import {
  defaultSettings,
  loadTensorFlow,
  settingsEnvironment,
  settingsFromEnvironment,
  tensorFlowVersion,
} from './load.ts';

describe('TensorFlow', () => {
  it('loads its native library and computes with it', () => {
    const tf = loadTensorFlow();
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tensorFlowVersion(tf)).toMatch(/^2\.\d+\.\d+/);
    const product = tf.tidy(() =>
      tf
        .tensor2d([[1, 2]])
        .matMul(tf.tensor2d([[3], [4]]))
        .dataSync(),
    );
    expect([...product]).toEqual([11]);
  });

  it('reads from the environment what it was started with', () => {
    const settings = { threads: { intraOp: 3, interOp: 2 }, flags: { TF_ENABLE_ONEDNN_OPTS: '0' } };
    expect(settingsFromEnvironment(settingsEnvironment(settings))).toEqual(settings);
    expect(settingsFromEnvironment({})).toEqual({ threads: { intraOp: 0, interOp: 0 }, flags: {} });
    expect(Object.keys(defaultSettings.flags)).toContain('TF_ENABLE_ONEDNN_OPTS');
  });
});
